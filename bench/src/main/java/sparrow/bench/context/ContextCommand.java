package sparrow.bench.context;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sparrow.app.options.LanguageModelOptions;
import sparrow.bench.harness.BenchOptions;
import sparrow.tensor.kernel.KvFormat;

/** {@code sparrow bench context}: a token behind many positions. */
@Command(
        name = "context",
        description = {
            "Measure a token behind many positions: milliseconds, and bytes of keys and values read.",
            "Every format of keys and values takes its turn, or that of --set kv alone. Positions are random, not prefilled."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow bench context --positions 100,500,1000",
            "  sparrow bench context --positions 1000,4000,8000,16000 --model step-audio-2-mini/"
        })
public final class ContextCommand implements Callable<Integer> {
    private static final int ROUNDS = 3;

    @Option(
            names = "--positions",
            required = true,
            split = ",",
            paramLabel = "N",
            description = "Positions before the token, each number by itself.")
    private List<Integer> positions;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            defaultValue = "52",
            description = "Tokens of each turn. Default: ${DEFAULT-VALUE}.")
    private int tokens;

    @Mixin
    private BenchOptions options;

    @Mixin
    private LanguageModelOptions modelOptions;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        modelOptions.requireCpu("for bench context, which measures how this machine keeps keys and values");
        options.check();
        try (LanguageModelOptions.Measured model = modelOptions.openMeasured()) {
            boolean one = spec.commandLine().getParseResult().hasMatchedOption("--set kv");
            List<KvFormat> formats = one ? List.of(modelOptions.kv()) : List.of(KvFormat.values());
            return options.measure(new ContextBenchmark(model, positions, formats, tokens), ROUNDS);
        }
    }
}
