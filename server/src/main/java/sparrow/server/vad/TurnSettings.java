package sparrow.server.vad;

/**
 * When a turn begins and ends, as the Realtime protocol's {@code server_vad} says it.
 *
 * @param threshold probability from which a frame is speech, 0 to 1. A frame is silence if it is 0.15 below
 * @param prefixPaddingMs audio in front of the first frame of speech that belongs to the turn, 0 to {@value #LONGEST_PADDING_MS}
 * @param silenceDurationMs silence that ends a turn, 0 to {@value #LONGEST_SILENCE_MS}
 */
public record TurnSettings(float threshold, int prefixPaddingMs, int silenceDurationMs) {
    /** The most padding: it is kept for every session that is silent. */
    public static final int LONGEST_PADDING_MS = 10_000;

    /** The longest silence that a turn may wait for. */
    public static final int LONGEST_SILENCE_MS = 60_000;

    /** The protocol's: 0.5, 300 ms, 500 ms. */
    public static final TurnSettings DEFAULT = new TurnSettings(0.5f, 300, 500);

    /** As Silero's own state machine has it: a probability between the two thresholds changes nothing. */
    private static final float HYSTERESIS = 0.15f;

    /** Likewise: a threshold below the hysteresis must not make a turn that cannot end. */
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

    /** True if a frame of this probability is speech. */
    boolean isSpeech(float probability) {
        return probability >= threshold;
    }

    /** True if a frame of this probability is silence; it may be neither. */
    boolean isSilence(float probability) {
        return probability < Math.max(LOWEST_RELEASE, threshold - HYSTERESIS);
    }
}
