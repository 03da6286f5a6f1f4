/**
 * {@code sparrow bench decode}: prefill and decode speed of every exit policy, in turn and on the same positions.
 * {@code DecodeBenchmark} measures and reports; {@code WeightTraffic} counts the bytes that a step reads. {@code BatchBenchmark} is
 * for replies that are decoded together, {@code ContextBenchmark} for a token after a long context. The package knows the language model only by its public interface, and neither audio nor families, so that a language model alone
 * can be measured.
 */
package sparrow.bench.decode;
