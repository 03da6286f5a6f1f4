/**
 * JMH benchmarks of the kernels. {@link LinearBenchmark} measures matrix products, {@link AttentionBenchmark}
 * attention, each in GB and operations a second; {@link Main} runs them. {@link SideBySide} is something else: it runs
 * llama.cpp and {@code sparrow bench} in turn on one GGUF file. How fast a whole model decodes is measured by {@code
 * sparrow bench}, not here.
 */
package sparrow.bench;
