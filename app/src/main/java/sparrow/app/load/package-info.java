/**
 * A client that talks with a server and measures what a person would notice: {@code sparrow load}. A
 * {@link sparrow.app.load.Talker} is a state machine that is told events and the time, and speaks through a
 * {@link sparrow.app.load.Wire}; neither it nor its {@link sparrow.app.load.Microphone} and
 * {@link sparrow.app.load.Playback} know a socket, a thread or a clock, so that a test can run hours of them in no time.
 * {@link sparrow.app.load.LoadRun} gives them sockets and threads.
 *
 * <p>The client is our own and small: what it takes is missing to a server on the same machine. The package knows no
 * models.
 */
package sparrow.app.load;
