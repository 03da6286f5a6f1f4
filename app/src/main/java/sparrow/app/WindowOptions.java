package sparrow.app;

import picocli.CommandLine.Option;
import sparrow.models.TruncationStrategy;
import sparrow.models.Window;

/** Options of the retained part of a long conversation; a picocli mixin. */
final class WindowOptions {
    @Option(
            names = "--truncation",
            paramLabel = "WHAT",
            defaultValue = "turns",
            description =
                    "What a conversation forgets that no longer fits the context: turns (the oldest ones; what is left keeps"
                            + " keys and values that were made when they were visible, which is an approximation), speech"
                            + " (first the sound of the oldest replies, whose text stays), replay (the oldest turns, and the"
                            + " others are prefilled anew, which is exact), or off. Default: ${DEFAULT-VALUE}.")
    private TruncationStrategy truncation;

    @Option(
            names = "--window",
            paramLabel = "SECONDS",
            description = "Forget what is older than so much sound of questions and replies, beside the last turn."
                    + " Default: as much stays as the context holds.")
    private Double seconds;

    /**
     * The window.
     *
     * @throws IllegalArgumentException in one line if there is none such
     */
    Window window() {
        if (seconds != null && !(seconds > 0)) {
            throw new IllegalArgumentException("--window: expected more than 0 seconds, got " + seconds);
        }
        if (seconds != null && truncation == TruncationStrategy.OFF) {
            throw new IllegalArgumentException("--window: expected without --truncation off, got both");
        }
        return new Window(truncation, seconds == null ? Window.UNBOUNDED : seconds);
    }
}
