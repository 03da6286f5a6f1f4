/**
 * Access to NVIDIA's cards: CUDA's driver interface and the kernel compiler NVRTC, called through the JDK's foreign
 * functions. {@link sparrow.gpu.cuda.Cuda} loads both libraries; {@link sparrow.gpu.driver} checks the arguments of
 * their functions. No test of this project has run this code on a card: tests call a simulated driver, and NVRTC itself
 * if it is installed. The package contains names, constants and layouts of C interfaces, but no third-party headers or
 * code.
 */
package sparrow.gpu.cuda;
