package sparrow.speech.vocode;

import sparrow.speech.schedule.FlowSchedule;

/**
 * Flow settings, which trade quality for time.
 *
 * @param schedule steps from noise to mel frames
 * @param contextSeconds minimum duration of earlier speech that the flow processes with a block; infinite for all
 *     earlier speech, as published; affects only utterances with several blocks
 */
public record FlowSettings(FlowSchedule schedule, double contextSeconds) {
    /** The published settings: the checkpoint's steps and all earlier speech. */
    public static final FlowSettings PUBLISHED = new FlowSettings(FlowSchedule.PUBLISHED, Double.POSITIVE_INFINITY);

    /** Minimum context in seconds. The context must contain the 0.4 s of earlier speech that a block changes. */
    public static final double MIN_CONTEXT_SECONDS = 1;

    private static final String UNLIMITED = "unlimited";

    /** @throws IllegalArgumentException if the context is shorter than {@link #MIN_CONTEXT_SECONDS} */
    public FlowSettings {
        if (!(contextSeconds >= MIN_CONTEXT_SECONDS)) {
            throw new IllegalArgumentException("flow context: expected 1 second or more, got " + contextSeconds);
        }
    }

    /**
     * Parses a context: a number of seconds or {@code unlimited}.
     *
     * @throws IllegalArgumentException if the text is neither, or less than {@link #MIN_CONTEXT_SECONDS}; the message
     *     is one line
     */
    public static double context(String text) {
        if (text.equals(UNLIMITED)) return Double.POSITIVE_INFINITY;
        double seconds;
        try {
            seconds = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            seconds = Double.NaN;
        }
        if (!(seconds >= MIN_CONTEXT_SECONDS) || Double.isInfinite(seconds)) {
            throw new IllegalArgumentException("expected 1 second or more, or " + UNLIMITED + ", got " + text);
        }
        return seconds;
    }

    /** Returns whether the context is limited. */
    public boolean hasLimitedContext() {
        return Double.isFinite(contextSeconds);
    }

    /** Returns the number of codes in the context. */
    public int contextCodes(double codesPerSecond) {
        return (int) Math.min(Integer.MAX_VALUE, Math.ceil(contextSeconds * codesPerSecond));
    }

    /** Returns a copy with different steps. */
    public FlowSettings with(FlowSchedule other) {
        return new FlowSettings(other, contextSeconds);
    }

    /** Returns a description such as {@code steps:5, unlimited context}. */
    @Override
    public String toString() {
        return schedule + ", " + (hasLimitedContext() ? contextSeconds + " s of" : UNLIMITED) + " context";
    }
}
