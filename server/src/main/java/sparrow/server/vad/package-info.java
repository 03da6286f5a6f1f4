/**
 * Voice activity. A {@link Vad} says for each frame of 32 ms how probable speech is: {@link SileroVad} by a network, whose
 * weights {@link SileroNetwork} holds for all sessions, {@link EnergyVad} by loudness alone. A {@link TurnDetector} makes
 * {@linkplain TurnEvent events} of it and keeps the audio of the turn: it takes samples in any cutting, needs no thread and
 * reads no clock.
 *
 * <p>Everything here belongs to one session and to one thread at a time, but the network, which any number may share.
 */
package sparrow.server.vad;
