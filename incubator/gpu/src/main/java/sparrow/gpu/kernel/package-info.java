/**
 * The arithmetic of a decode step on a device. {@link sparrow.gpu.kernel.DeviceKernels} specifies and launches the
 * kernels. Their sources are the resources {@code *.cl} in this package, written in OpenCL C 1.2 with a few macros;
 * files {@code *.cu} define these macros in CUDA. {@link sparrow.gpu.kernel.DeviceMatrix} contains weights in a
 * device's layout, and {@link sparrow.gpu.kernel.DeviceRows} contains activations.
 *
 * <p>The reference for every kernel is the method of {@link sparrow.tensor.kernel.Kernels} named in its documentation.
 * Results may differ within the documented error bound, but repeated runs on a device produce equal bits.
 */
package sparrow.gpu.kernel;
