package sparrow.app;

import picocli.CommandLine.Option;
import sparrow.engine.exit.SkippedKv;

/** Early exit as other systems do it, for comparison. */
public final class SkippedKvOption {
    @Option(
            names = "--skipped-kv",
            paramLabel = "TREATMENT",
            defaultValue = "fill",
            description =
                    "For research: keys and values of the layers above an early exit. fill: computed by the next pass"
                            + " that goes deeper, which is exact; copy: projected from the hidden state at the exit (CALM,"
                            + " FREE); omit: none. Default: ${DEFAULT-VALUE}.")
    private SkippedKv skippedKv;

    /** The keys and values that the layers above an early exit get of its position. */
    public SkippedKv skippedKv() {
        return skippedKv;
    }
}
