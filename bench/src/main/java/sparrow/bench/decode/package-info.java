/**
 * {@code sparrow bench decode}: prefill and decode speed of exit policies, measured alternately on the same positions.
 * {@code DecodeBenchmark} measures and reports; {@code WeightTraffic} counts the bytes that a step reads.
 * {@code BatchBenchmark} measures replies that are decoded together, and {@code ContextBenchmark} measures a token
 * after a long context. The package uses only the public interface of the language model, and neither audio nor model
 * families, so that it can measure a language model alone.
 */
package sparrow.bench.decode;
