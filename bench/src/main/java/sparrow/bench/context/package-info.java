/**
 * {@code sparrow bench context}: what a token costs behind many positions, by how their keys and values are kept.
 * {@link sparrow.bench.context.ContextBenchmark} measures, {@link sparrow.bench.context.ContextReport} is what it
 * found.
 */
package sparrow.bench.context;
