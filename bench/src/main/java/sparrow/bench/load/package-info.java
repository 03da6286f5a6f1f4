/**
 * A client that talks with a server and measures what a person would notice: {@code sparrow bench load}. A
 * {@link sparrow.bench.load.Talker} is a state machine that is told events and the time, and speaks through a
 * {@link sparrow.bench.load.Wire}; neither it nor its {@link sparrow.bench.load.AudioSource} and
 * {@link sparrow.bench.load.Playback} know a socket, a thread or a clock, so that a test can run hours of them in no time.
 * {@link sparrow.bench.load.LoadRun} gives them sockets and threads.
 *
 * <p>The client is our own and small: what it takes is missing to a server on the same machine. The package knows no
 * models.
 */
package sparrow.bench.load;
