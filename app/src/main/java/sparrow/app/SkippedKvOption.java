package sparrow.app;

import picocli.CommandLine.Option;
import sparrow.engine.exit.SkippedKv;

/** Early exit as other systems do it, to compare. */
final class SkippedKvOption {
    @Option(
            names = "--skipped-kv",
            paramLabel = "TREATMENT",
            defaultValue = "fill",
            description =
                    "For research: what the layers above an early exit get of its position. fill: the next pass that"
                            + " goes deeper carries it through them, which is exact; copy: keys and values projected from the"
                            + " hidden state at the exit (CALM, FREE); omit: nothing, ever. Default: ${DEFAULT-VALUE}.")
    private SkippedKv skippedKv;

    SkippedKv skippedKv() {
        return skippedKv;
    }
}
