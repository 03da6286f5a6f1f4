/**
 * {@code sparrow bench --kernels}: what a device gives without a model, and its products with the matrices of the published
 * models. {@link sparrow.app.kernelbench.KernelBenchmark} measures, {@link sparrow.app.kernelbench.KernelReport} is what it
 * found.
 */
package sparrow.app.kernelbench;
