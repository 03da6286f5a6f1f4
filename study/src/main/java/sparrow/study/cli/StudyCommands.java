package sparrow.study.cli;

import java.util.List;
import picocli.CommandLine;
import sparrow.app.CommandProvider;
import sparrow.app.Notations;
import sparrow.study.heads.Targets;

/** The laboratory's commands, found as a service. */
public final class StudyCommands implements CommandProvider {
    /** For the service loader. */
    public StudyCommands() {}

    @Override
    public List<CommandLine> commands() {
        CommandLine heads = new CommandLine(new HeadsCommand())
                .registerConverter(Targets.class, Notations.of(Targets::parse))
                .registerConverter(Share.class, Notations.of(Share::parse));
        return List.of(heads, new CommandLine(new StudyCommand()));
    }
}
