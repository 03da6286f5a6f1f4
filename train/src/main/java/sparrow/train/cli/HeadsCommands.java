package sparrow.train.cli;

import java.util.List;
import picocli.CommandLine;
import sparrow.app.CommandProvider;
import sparrow.app.options.Notations;
import sparrow.train.harvest.Targets;

/** The command {@code heads}, which is loaded as a service. */
public final class HeadsCommands implements CommandProvider {
    /** Creates the provider; called by the service loader. */
    public HeadsCommands() {}

    @Override
    public List<CommandLine> commands() {
        return List.of(new CommandLine(new HeadsCommand())
                .registerConverter(Targets.class, Notations.of(Targets::parse))
                .registerConverter(Share.class, Notations.of(Share::parse)));
    }
}
