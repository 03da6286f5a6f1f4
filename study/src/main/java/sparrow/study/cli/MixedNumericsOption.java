package sparrow.study.cli;

import picocli.CommandLine.Option;
import sparrow.study.folder.MixedNumerics;

/** A picocli mixin with the option to resume runs that used other numerics. */
public final class MixedNumericsOption {
    @Option(
            names = "--set allow-mixed-numerics",
            arity = "1",
            paramLabel = "true|false",
            description = "Resume a run that began with a different arithmetic; its results then differ in their "
                    + "last bits. Default: false.")
    private boolean mixing;

    public MixedNumerics mixedNumerics() {
        return mixing ? MixedNumerics.ALLOWED : MixedNumerics.REFUSED;
    }
}
