/**
 * JMH benchmarks of the kernels. {@link LinearBenchmark} measures matrix products and {@link AttentionBenchmark}
 * measures attention, in GB/s and operations per second; {@link Main} runs them. {@code sparrow bench decode} measures
 * entire models, and {@code scripts/LlamaCppComparison.java} compares them with llama.cpp.
 */
package sparrow.bench.jmh;
