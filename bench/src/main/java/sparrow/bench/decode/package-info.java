/**
 * {@code sparrow bench decode}: prefill and decode speed of every exit policy, in turn and on the same positions.
 * {@link sparrow.bench.decode.DecodeBenchmark} measures and reports; {@code WeightTraffic} counts the bytes that a step reads. The
 * package knows the language model only by its public interface, and neither audio nor families, so that a language model alone
 * can be measured.
 */
package sparrow.bench.decode;
