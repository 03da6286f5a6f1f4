package sparrow.server.vad;

/**
 * Settings that determine when a turn begins and ends, as in {@code server_vad} of the Realtime protocol.
 *
 * @param threshold minimum probability of a speech frame, 0 to 1; a frame is silence if it is 0.15 below
 * @param prefixPaddingMs audio before the first speech frame that belongs to the turn, 0 to
 *     {@value #LONGEST_PADDING_MS}
 * @param silenceDurationMs silence that ends a turn, 0 to {@value #LONGEST_SILENCE_MS}
 */
public record TurnSettings(float threshold, int prefixPaddingMs, int silenceDurationMs) {
    /** Maximum padding, which is kept for every silent session. */
    public static final int LONGEST_PADDING_MS = 10_000;

    /** Maximum silence that ends a turn. */
    public static final int LONGEST_SILENCE_MS = 60_000;

    /** The protocol's defaults: 0.5, 300 ms, 500 ms. */
    public static final TurnSettings DEFAULT = new TurnSettings(0.5f, 300, 500);

    /** As in Silero's state machine, a probability between the two thresholds changes nothing. */
    private static final float HYSTERESIS = 0.15f;

    /**
     * Lower bound of the silence threshold, because a threshold below the hysteresis must not cause a turn that cannot
     * end.
     */
    private static final float LOWEST_RELEASE = 0.01f;

    public TurnSettings {
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new IllegalArgumentException("threshold: expected 0 to 1, got " + threshold);
        }
        require("prefix_padding_ms", prefixPaddingMs, LONGEST_PADDING_MS);
        require("silence_duration_ms", silenceDurationMs, LONGEST_SILENCE_MS);
    }

    private static void require(String name, int ms, int most) {
        if (ms < 0 || ms > most) {
            throw new IllegalArgumentException(name + ": expected 0 to " + most + " ms, got " + ms);
        }
    }

    /** Returns true if a frame with this probability is speech. */
    boolean isSpeech(float probability) {
        return probability >= threshold;
    }

    /** Returns true if a frame with this probability is silence; a frame may be neither. */
    boolean isSilence(float probability) {
        return probability < Math.max(LOWEST_RELEASE, threshold - HYSTERESIS);
    }
}
