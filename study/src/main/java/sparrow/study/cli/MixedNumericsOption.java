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
                    "Resume also what was begun with another arithmetic, such as wider vectors. Its results differ in"
                            + " their last bits; what is kept says so from then on, and either machine may resume it. Default: false.")
    private boolean mixing;

    MixedNumerics mixedNumerics() {
        return mixing ? MixedNumerics.ALLOWED : MixedNumerics.REFUSED;
    }
}
