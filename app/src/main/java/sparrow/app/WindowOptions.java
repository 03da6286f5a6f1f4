package sparrow.app;

import picocli.CommandLine.Option;
import sparrow.models.TruncationStrategy;
import sparrow.models.Window;

/** Options of the retained part of a long conversation; a picocli mixin. */
final class WindowOptions {
    @Option(
            names = "--set truncation",
            paramLabel = "PART",
            defaultValue = "turns",
            description =
                    "Part that a conversation forgets where it outgrows the context or the model's turns: turns (the oldest"
                            + " ones; the others keep their keys and values, an approximation), speech (first the sound of the"
                            + " oldest replies), replay (the oldest turns; the others are prefilled anew, which is exact), or off."
                            + " Default: ${DEFAULT-VALUE}.")
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
