package sparrow.speech.vocode;

import sparrow.speech.schedule.FlowSchedule;

/**
 * Settings of a flow's computation for an utterance: they trade quality for time.
 *
 * @param schedule of the steps from noise to mel frames
 * @param contextSeconds speech before a block that the flow sees besides it, at least; infinite for all of it, as
 *     published. It matters for speech that is made in blocks; an utterance that is made whole is one block
 */
public record FlowSettings(FlowSchedule schedule, double contextSeconds) {
    /** As published: the checkpoint's own steps, and all earlier speech. */
    public static final FlowSettings PUBLISHED = new FlowSettings(FlowSchedule.PUBLISHED, Double.POSITIVE_INFINITY);

    /** The context must hold the 0.4 s of earlier speech that a block changes. */
    public static final double LEAST_CONTEXT_SECONDS = 1;

    private static final String UNLIMITED = "unlimited";

    /**
     * @throws IllegalArgumentException if the context is shorter than a second
     */
    public FlowSettings {
        if (!(contextSeconds >= LEAST_CONTEXT_SECONDS)) {
            throw new IllegalArgumentException("flow context: expected 1 second or more, got " + contextSeconds);
        }
    }

    /**
     * Seconds of context from text: a number, or {@code unlimited}.
     *
     * @throws IllegalArgumentException in one line if it is neither, or less than a second
     */
    public static double context(String text) {
        if (text.equals(UNLIMITED)) return Double.POSITIVE_INFINITY;
        double seconds;
        try {
            seconds = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            seconds = Double.NaN;
        }
        if (!(seconds >= LEAST_CONTEXT_SECONDS) || Double.isInfinite(seconds)) {
            throw new IllegalArgumentException("expected seconds, 1 or more, or " + UNLIMITED + ", got " + text);
        }
        return seconds;
    }

    /** True if earlier speech is forgotten. */
    public boolean forgets() {
        return Double.isFinite(contextSeconds);
    }

    /** Codes of the context. */
    public int contextCodes(double codesPerSecond) {
        return (int) Math.min(Integer.MAX_VALUE, Math.ceil(contextSeconds * codesPerSecond));
    }

    /** The same with other steps. */
    public FlowSettings with(FlowSchedule other) {
        return new FlowSettings(other, contextSeconds);
    }

    /** {@code steps:5, unlimited context}: for output and for the settings of runs. */
    @Override
    public String toString() {
        return schedule + ", " + (forgets() ? contextSeconds + " s of" : UNLIMITED) + " context";
    }
}
