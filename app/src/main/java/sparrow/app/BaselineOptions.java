package sparrow.app;

import picocli.CommandLine.Option;
import sparrow.engine.exit.MissingKeys;

/** Early exit as other systems do it, to compare. */
final class BaselineOptions {
    @Option(
            names = "--baseline-kv",
            paramLabel = "TREATMENT",
            converter = MissingKeysConverter.class,
            defaultValue = "fill",
            description =
                    "For research: what the layers above an early exit get of its position. fill: the next pass that"
                            + " goes deeper carries it through them, which is exact; copy: keys and values projected from the"
                            + " hidden state at the exit (CALM, FREE); missing: nothing, ever. Default: ${DEFAULT-VALUE}.")
    private MissingKeys missingKeys;

    MissingKeys missingKeys() {
        return missingKeys;
    }
}
