package sparrow.study.cli;

import picocli.CommandLine.Option;
import sparrow.study.run.MixedNumerics;

/** The option that resumes runs of other numerics; a picocli mixin. */
final class MixedNumericsOption {
    @Option(
            names = "--set allow-mixed-numerics",
            arity = "1",
            paramLabel = "true|false",
            description =
                    "Resume also a run of another arithmetic, such as wider vectors. Results differ in their last bits, and"
                            + " say so from then on. Default: false.")
    private boolean mixing;

    MixedNumerics mixedNumerics() {
        return mixing ? MixedNumerics.ALLOWED : MixedNumerics.REFUSED;
    }
}
