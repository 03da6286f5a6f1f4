/**
 * {@code sparrow bench soak}: hours of load on a server, with faults. {@link sparrow.bench.soak.SoakServer} starts the
 * server, {@link sparrow.bench.soak.SoakRun} keeps talkers of {@code sparrow.bench.load} on it while {@link
 * sparrow.bench.soak.SoakFaults} disturbs it, and {@link sparrow.bench.soak.SoakReport} reports what grew or failed.
 */
package sparrow.bench.soak;
