package sparrow.study.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sparrow.study.report.StudyCounts;

/** A picocli mixin with the option to accept missing questions, replies and scores. */
public final class AllowMissingOption {
    /** Maximum number of missing questions that are printed. */
    private static final int MAX_NAMED = 10;

    @Option(names = "--allow-missing", description = "Exit with 0 even if something is missing.")
    private boolean allowMissing;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /**
     * Names missing questions on standard error.
     *
     * @param list file that lists all missing questions
     * @return the exit code: 0, or 1 if something is missing, unless {@code --allow-missing} is given
     */
    public int exitCode(StudyCounts counts, Path list) {
        if (counts.isComplete()) return 0;
        PrintWriter stderr = spec.commandLine().getErr();
        counts.unasked().entrySet().stream()
                .limit(MAX_NAMED)
                .forEach(one -> stderr.println("sparrow: not asked: " + one.getKey() + ": " + one.getValue()));
        int others = counts.unasked().size() - MAX_NAMED;
        if (others > 0) stderr.println("sparrow: not asked: " + others + " others, see " + list);
        if (!allowMissing) {
            stderr.println("sparrow: incomplete: " + counts
                    + "; repeat the command to retry, or accept this with --allow-missing");
        }
        stderr.flush();
        return allowMissing ? 0 : 1;
    }
}
