/**
 * {@code sparrow bench soak}: hours of load on a server, with faults. {@link sparrow.bench.soak.SoakServer} starts the
 * server, {@link sparrow.bench.soak.SoakRun} runs talkers of {@code sparrow.bench.load},
 * {@link sparrow.bench.soak.SoakFaults} injects faults, and {@link sparrow.bench.soak.SoakReport} reports failures and
 * growth.
 */
package sparrow.bench.soak;
