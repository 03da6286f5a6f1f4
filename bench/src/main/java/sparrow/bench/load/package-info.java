/**
 * {@code sparrow bench load}: clients that talk with a server and measure what its users would notice. A
 * {@link sparrow.bench.load.Talker} is a state machine that receives events and the time, and sends events to a
 * {@link sparrow.bench.load.Wire}. The talker, its {@link sparrow.bench.load.AudioSource} and its
 * {@link sparrow.bench.load.Playback} use no sockets, threads or clocks, so that a test can simulate hours in an
 * instant. {@link sparrow.bench.load.LoadRun} provides sockets and threads.
 *
 * <p>The client is small because it uses processor time of a server on the same machine. The package does not depend on
 * models.
 */
package sparrow.bench.load;
