package sparrow.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import sparrow.bench.decode.DecodeCommand;
import sparrow.bench.load.LoadCommand;
import sparrow.bench.soak.SoakCommand;
import sparrow.bench.voice.VoiceCommand;

/** {@code sparrow bench}: groups the benchmarks. */
@Command(
        name = "bench",
        description = "Measure the speed of a model or of a server.",
        mixinStandardHelpOptions = true,
        subcommands = {DecodeCommand.class, VoiceCommand.class, LoadCommand.class, SoakCommand.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow bench decode --policies none,even:12,triple:12",
            "  sparrow bench voice --model glm-4-voice/ --questions 5,15",
            "  sparrow bench decode --replies 1,2,4,8",
            "  sparrow bench load ws://127.0.0.1:8080 --talkers 4"
        })
final class BenchCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
