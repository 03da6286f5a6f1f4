package sparrow.study.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sparrow study}: the paper's tables, on any model. */
@Command(
        name = "study",
        description = "Reproduce the tables of the SPAR-K paper on any model.",
        mixinStandardHelpOptions = true,
        subcommands = {
            StudyPaperCommand.class,
            StudyLayersCommand.class,
            StudyTuneCommand.class,
            StudyCompareCommand.class,
            StudyFlowCommand.class
        })
final class StudyCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
