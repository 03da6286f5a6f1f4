package sparrow.bench;

import java.util.List;
import picocli.CommandLine;
import sparrow.app.CommandProvider;
import sparrow.bench.synth.SynthCommand;

/** Provides the commands of this module as a service. */
public final class BenchCommands implements CommandProvider {
    /** Creates the provider; called by the service loader. */
    public BenchCommands() {}

    @Override
    public List<CommandLine> commands() {
        return List.of(new CommandLine(new BenchCommand()), new CommandLine(new SynthCommand()));
    }
}
