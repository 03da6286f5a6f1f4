package sparrow.gpu;

import java.util.List;
import picocli.CommandLine;
import sparrow.app.CommandProvider;

/** Provides the commands of this module as a service. */
public final class GpuCommands implements CommandProvider {
    /** Creates the provider; called by the service loader. */
    public GpuCommands() {}

    @Override
    public List<CommandLine> commands() {
        return List.of(new CommandLine(new BenchDeviceCommand()));
    }
}
