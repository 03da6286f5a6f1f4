package sparrow.app;

import picocli.CommandLine.Option;
import sparrow.models.TruncationStrategy;
import sparrow.models.Window;

/** Options of the retained part of a long conversation; a picocli mixin. */
final class WindowOptions {
    @Option(
            names = "--set truncation",
            paramLabel = "WHAT",
            defaultValue = "turns",
            description =
                    "Part that a conversation forgets if it no longer fits the context, or has more turns than the model was"
                            + " trained for: turns (the oldest ones; the others keep keys and values that were made while these"
                            + " were visible, which is an approximation), speech"
                            + " (first the sound of the oldest replies, whose text stays), replay (the oldest turns, and the"
                            + " others are prefilled anew, which is exact), or off. Default: ${DEFAULT-VALUE}.")
    private TruncationStrategy truncation;

    @Option(
            names = "--set window",
            paramLabel = "SECONDS",
            description = "Sound of questions and replies that stays at most beside the last turn."
                    + " Default: as much as the context holds.")
    private Double seconds;

    /**
     * The window.
     *
     * @throws IllegalArgumentException in one line if there is none such
     */
    Window window() {
        if (seconds != null && !(seconds > 0)) {
            throw new IllegalArgumentException("--set window: expected more than 0 seconds, got " + seconds);
        }
        if (seconds != null && truncation == TruncationStrategy.OFF) {
            throw new IllegalArgumentException("--set window: expected without --set truncation=off, got both");
        }
        return new Window(truncation, seconds == null ? Window.UNBOUNDED : seconds);
    }
}
