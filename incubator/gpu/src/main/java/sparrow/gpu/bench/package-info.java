/**
 * The measurements of {@code sparrow bench-device}. {@link sparrow.gpu.bench.KernelBenchmark} measures a device without
 * a model, including products with the matrices of the published models. {@link sparrow.gpu.bench.DeviceBenchmark}
 * measures steps and prefills of a model on a device.
 */
package sparrow.gpu.bench;
