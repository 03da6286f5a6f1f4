package sparrow.bench.context;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sparrow.app.LanguageModelOptions;
import sparrow.app.Main;
import sparrow.app.Waiting;
import sparrow.bench.decode.BenchReport;
import sparrow.bench.harness.BenchOptions;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.kernel.KvFormat;

/** {@code sparrow bench context}: a token behind many positions. */
@Command(
        name = "context",
        description = {
            "Measure a token behind many positions: milliseconds, and bytes of keys and values read.",
            "Every way to keep keys and values takes its turn, or that of --kv alone. The positions are thrown together, not"
                    + " prefilled."
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
            description = "So many positions before the token, each number by itself.")
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
        try (LanguageModelOptions.Measured model = modelOptions.openMeasured()) {
            LanguageModel lm = model.languageModel();
            boolean one = spec.commandLine().getParseResult().hasMatchedOption("--kv");
            ContextSettings settings = new ContextSettings(
                    positions,
                    one ? List.of(lm.transformer().kernels().kvFormat()) : List.of(KvFormat.values()),
                    options.rounds(ROUNDS),
                    tokens,
                    options.warmUp());
            List<ContextReport.Row> rows;
            try (Waiting waiting = Waiting.begin("measuring", settings.runs())) {
                rows = ContextBenchmark.run(lm, settings, BenchOptions.progress(waiting));
            }
            boolean interrupted = Thread.interrupted();
            if (rows.isEmpty()) return options.nothing();
            ContextReport report = ContextReport.of(
                    new BenchReport.Origin(
                            options.command(), model.name(), model.file().toString(), 0),
                    lm,
                    settings,
                    rows);
            options.print(report, ContextTable::print);
            return interrupted ? Main.INTERRUPTED : 0;
        }
    }
}
