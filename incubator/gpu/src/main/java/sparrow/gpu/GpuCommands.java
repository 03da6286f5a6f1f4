package sparrow.gpu;

import java.util.List;
import picocli.CommandLine;
import sparrow.app.CommandProvider;

/** The commands of this module, found as a service. */
public final class GpuCommands implements CommandProvider {
    /** For the service loader. */
    public GpuCommands() {}

    @Override
    public List<CommandLine> commands() {
        return List.of(new CommandLine(new BenchDeviceCommand()));
    }
}
