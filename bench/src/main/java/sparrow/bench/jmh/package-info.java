/**
 * JMH benchmarks of the kernels. {@link LinearBenchmark} measures matrix products, {@link AttentionBenchmark}
 * attention, each in GB and operations a second; {@link Main} runs them. How fast a whole model decodes is
 * measured by {@code sparrow bench decode}, not here, and beside llama.cpp by {@code scripts/LlamaCppComparison.java}.
 */
package sparrow.bench.jmh;
