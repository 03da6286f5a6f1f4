package sparrow.bench;

import java.util.List;
import picocli.CommandLine;
import sparrow.app.CommandProvider;
import sparrow.bench.synth.SynthCommand;

/** The commands of this module, found as a service. */
public final class BenchCommands implements CommandProvider {
    /** For the service loader. */
    public BenchCommands() {}

    @Override
    public List<CommandLine> commands() {
        return List.of(new CommandLine(new BenchCommand()), new CommandLine(new SynthCommand()));
    }
}
