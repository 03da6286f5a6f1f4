package sparrow.cluster;

import java.util.List;
import picocli.CommandLine;
import sparrow.app.CommandProvider;

/** The command of this module, found as a service. */
public final class ClusterCommands implements CommandProvider {
    /** For the service loader. */
    public ClusterCommands() {}

    @Override
    public List<CommandLine> commands() {
        return List.of(new CommandLine(new JarsCommand()));
    }
}
