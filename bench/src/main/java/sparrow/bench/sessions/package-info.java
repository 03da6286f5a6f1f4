/**
 * {@code sparrow bench sessions}: how fast replies are decoded together. {@link sparrow.bench.sessions.SessionBenchmark} measures
 * and reports, {@code SessionRun} is one run of it.
 */
package sparrow.bench.sessions;
