/**
 * NVIDIA's cards by CUDA's driver interface, with NVRTC as the compiler of their kernels, through the JDK's foreign functions.
 * {@link sparrow.gpu.cuda.Cuda} loads both; {@link sparrow.gpu.driver} checks the arguments that reach them. No test of this
 * project has run it on a card: tests call a driver of their own, and NVRTC itself where it is installed. The package holds
 * names, constants and layouts of C interfaces, and neither headers nor code of others.
 */
package sparrow.gpu.cuda;
