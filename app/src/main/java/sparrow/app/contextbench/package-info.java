/**
 * {@code sparrow bench --context}: what a token costs behind many positions, by how their keys and values are kept.
 * {@link sparrow.app.contextbench.ContextBenchmark} measures, {@link sparrow.app.contextbench.ContextReport} is what it
 * found.
 */
package sparrow.app.contextbench;
