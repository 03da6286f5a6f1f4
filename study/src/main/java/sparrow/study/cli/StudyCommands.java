package sparrow.study.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import sparrow.app.CommandProvider;

/** Provides the study commands as a service. */
public final class StudyCommands implements CommandProvider {
    /** {@code sparrow study}: reproduces the paper's tables on any model. */
    @Command(
            name = "study",
            description = "Reproduce the SPAR-K paper's tables with any model.",
            mixinStandardHelpOptions = true,
            subcommands = {
                StudyPaperCommand.class,
                StudyLayersCommand.class,
                StudyTuneCommand.class,
                StudyCompareCommand.class,
                StudyFlowCommand.class
            })
    static final class StudyCommand implements Runnable {
        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
    }

    /** Creates the provider; called by the service loader. */
    public StudyCommands() {}

    @Override
    public List<CommandLine> commands() {
        return List.of(new CommandLine(new StudyCommand()));
    }
}
