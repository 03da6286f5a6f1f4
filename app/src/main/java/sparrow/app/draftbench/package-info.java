/**
 * {@code sparrow bench --accept}: what drafting gains if drafts are right as often as is said. {@link
 * sparrow.app.draftbench.DraftBenchmark} measures, {@link sparrow.app.draftbench.DraftReport} is what it found, beside what
 * {@link sparrow.engine.decode.DraftForecast} expects.
 */
package sparrow.app.draftbench;
