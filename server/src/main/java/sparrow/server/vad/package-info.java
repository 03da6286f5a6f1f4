/**
 * Voice activity detection. A {@link Vad} returns the probability of speech for each frame of 32 ms: {@link SileroVad}
 * by a network, whose weights all sessions share in a {@link SileroNetwork}, {@link EnergyVad} by loudness alone. A
 * {@link TurnDetector} derives {@linkplain TurnEvent events} from it and keeps the audio of the turn: it accepts
 * samples in pieces of any length, needs no thread and reads no clock.
 *
 * <p>Everything here belongs to one session and to one thread at a time, except the network, which any number of
 * threads may share.
 */
package sparrow.server.vad;
