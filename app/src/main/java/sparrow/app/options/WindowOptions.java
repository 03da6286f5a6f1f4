package sparrow.app.options;

import picocli.CommandLine.Option;
import sparrow.models.chat.TruncationStrategy;
import sparrow.models.chat.Window;

/** Options for the part of a long conversation that is retained. A picocli mixin. */
public final class WindowOptions {
    @Option(
            names = "--set truncation",
            paramLabel = "PART",
            defaultValue = "turns",
            description = "What to remove from a conversation that exceeds the context or the model's number of "
                    + "turns: turns (the oldest; the rest is an approximation), speech (first the speech of "
                    + "the oldest replies), replay (the oldest turns; the rest is prefilled again, which is "
                    + "exact), or off. Default: ${DEFAULT-VALUE}.")
    private TruncationStrategy truncation;

    @Option(
            names = "--set window",
            paramLabel = "SECONDS",
            description = "Maximum seconds of audio to keep in addition to the last turn. Default: as many as fit.")
    private Double seconds;

    /**
     * Returns the window.
     *
     * @throws IllegalArgumentException if the options are inconsistent
     */
    public Window window() {
        if (seconds != null && !(seconds > 0)) {
            throw new IllegalArgumentException("--set window: expected more than 0 seconds, got " + seconds);
        }
        if (seconds != null && truncation == TruncationStrategy.OFF) {
            throw new IllegalArgumentException("--set window: expected without --set truncation=off, got both");
        }
        return new Window(truncation, seconds == null ? Window.UNBOUNDED : seconds);
    }
}
