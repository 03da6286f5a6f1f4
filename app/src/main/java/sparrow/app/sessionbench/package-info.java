/**
 * {@code sparrow bench --sessions}: how fast replies are decoded together. {@link sparrow.app.sessionbench.SessionBenchmark}
 * measures, {@link sparrow.app.sessionbench.SessionReport} is what it found.
 */
package sparrow.app.sessionbench;
