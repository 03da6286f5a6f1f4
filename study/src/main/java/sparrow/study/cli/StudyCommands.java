package sparrow.study.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import sparrow.app.CommandProvider;

/** The laboratory's commands, found as a service. */
public final class StudyCommands implements CommandProvider {
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
    static final class StudyCommand implements Runnable {
        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
    }

    /** For the service loader. */
    public StudyCommands() {}

    @Override
    public List<CommandLine> commands() {
        return List.of(new CommandLine(new StudyCommand()));
    }
}
