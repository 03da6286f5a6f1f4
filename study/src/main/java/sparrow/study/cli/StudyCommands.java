package sparrow.study.cli;

import java.util.List;
import picocli.CommandLine;
import sparrow.app.CommandProvider;

/** The laboratory's commands, found as a service. */
public final class StudyCommands implements CommandProvider {
    /** For the service loader. */
    public StudyCommands() {}

    @Override
    public List<CommandLine> commands() {
        return List.of(new CommandLine(new StudyCommand()));
    }
}
