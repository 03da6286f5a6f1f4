/**
 * {@code sparrow bench sessions}: how fast replies are decoded together. {@link sparrow.bench.sessions.SessionBenchmark}
 * measures, {@link sparrow.bench.sessions.SessionReport} is what it found.
 */
package sparrow.bench.sessions;
