package sparrow.cluster;

import java.util.List;
import picocli.CommandLine;
import sparrow.app.CommandProvider;

/** Provides the command of this module as a service. */
public final class ClusterCommands implements CommandProvider {
    /** Creates the provider; called by the service loader. */
    public ClusterCommands() {}

    @Override
    public List<CommandLine> commands() {
        return List.of(new CommandLine(new JarsCommand()));
    }
}
