/**
 * The arithmetic of a decode step on a device. {@link sparrow.gpu.kernel.DeviceKernels} has a method for each kernel, whose
 * contract it states; the texts lie beside it as {@code *.cl}, in OpenCL C 1.2 behind a few macros, and files {@code *.cu}
 * define these in CUDA. {@link sparrow.gpu.kernel.DeviceMatrix} holds weights as a device reads them, {@link
 * sparrow.gpu.kernel.DeviceRows} activations.
 *
 * <p>The truth of every kernel is the method of {@link sparrow.tensor.kernel.Kernels} that it names. Results differ in their
 * last bits, within a bound that the method states; on one device they are the same to the bit each time.
 */
package sparrow.gpu.kernel;
