/**
 * Voice activity detection. A {@link Vad} returns the probability of speech for each frame of 32 ms. {@link SileroVad}
 * computes the probability with a network, whose weights all sessions share in a {@link SileroNetwork};
 * {@link EnergyVad} uses only loudness. A {@link TurnDetector} derives {@linkplain TurnEvent events} from the
 * probabilities and stores the audio of the turn. It accepts samples in pieces of any length, and requires neither a
 * thread nor a clock.
 *
 * <p>All objects belong to one session and are used by one thread at a time, except the network, which any number of
 * threads may share.
 */
package sparrow.server.vad;
