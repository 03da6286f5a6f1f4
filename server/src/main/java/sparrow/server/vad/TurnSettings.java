package sparrow.server.vad;

/**
 * Settings that determine when a turn begins and ends, as in the Realtime protocol's {@code server_vad}.
 *
 * @param threshold the minimum probability of a speech frame, from 0 to 1; a frame is silent if its probability is
 *     lower by 0.15
 * @param prefixPaddingMs milliseconds of audio before the first speech frame that belong to the turn, 0 to
 *     {@value #MAX_PADDING_MS}
 * @param silenceDurationMs milliseconds of silence that end a turn, 0 to {@value #MAX_SILENCE_MS}
 */
public record TurnSettings(float threshold, int prefixPaddingMs, int silenceDurationMs) {
    /** Maximum padding, which is stored for every silent session. */
    public static final int MAX_PADDING_MS = 10_000;

    /** Maximum silence that ends a turn. */
    public static final int MAX_SILENCE_MS = 60_000;

    /** The protocol's defaults: a threshold of 0.5, 300 ms of padding, and 500 ms of silence. */
    public static final TurnSettings DEFAULT = new TurnSettings(0.5f, 300, 500);

    /**
     * Difference between the two thresholds. As in Silero's state machine, a probability between them does not change
     * the state.
     */
    private static final float HYSTERESIS = 0.15f;

    /**
     * Minimum silence threshold. Without this minimum, a threshold below the hysteresis would cause a turn that cannot
     * end.
     */
    private static final float MIN_RELEASE = 0.01f;

    public TurnSettings {
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new IllegalArgumentException("threshold: expected 0 to 1, got " + threshold);
        }
        require("prefix_padding_ms", prefixPaddingMs, MAX_PADDING_MS);
        require("silence_duration_ms", silenceDurationMs, MAX_SILENCE_MS);
    }

    private static void require(String name, int ms, int max) {
        if (ms < 0 || ms > max) {
            throw new IllegalArgumentException(name + ": expected 0 to " + max + " ms, got " + ms);
        }
    }

    /** Returns whether a frame with this probability is speech. */
    boolean isSpeech(float probability) {
        return probability >= threshold;
    }

    /** Returns whether a frame with this probability is silent. A frame may be neither speech nor silent. */
    boolean isSilence(float probability) {
        return probability < Math.max(MIN_RELEASE, threshold - HYSTERESIS);
    }
}
