/**
 * {@code sparrow bench context}: what a token costs behind many positions, by how their keys and values are kept.
 * {@link sparrow.bench.context.ContextBenchmark} measures and reports.
 */
package sparrow.bench.context;
