package sparrow.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sparrow.app.bench.BenchChart;
import sparrow.app.bench.BenchProgress;
import sparrow.app.bench.BenchReport;
import sparrow.app.bench.BenchSettings;
import sparrow.app.bench.BenchTable;
import sparrow.app.bench.Benchmark;
import sparrow.app.bench.Measurements;
import sparrow.app.report.JsonText;
import sparrow.app.voicebench.VoiceSettings;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.Verification;
import sparrow.engine.unit.SpeechLogits;
import sparrow.engine.weights.AtomicFile;
import sparrow.models.PolicyFile;

/** {@code sparrow bench}: how fast a language model is, by exit policy and by kind of step. */
@Command(
        name = "bench",
        description = {
            "Measure prefill and decode speed of a language model, or with --voice the whole way from a spoken question to"
                    + " a spoken answer.",
            "Every policy decodes once a round, so that a machine that slows down slows all of them. Figures are medians"
                    + " with quartiles; ratios compare neighbouring runs. The decoded tokens are given, not chosen:"
                    + " all policies run the same speech positions, and a model of random weights can be measured."
                    + " Logits and the greedy choice are computed all the same.",
            "With --context a token is measured behind many positions, in alternation for every way to keep keys and values,"
                    + " or for that of --kv alone.",
            "With --voice every stage (encode, prefill, decode, flow, vocoder) runs alone, with all threads: seconds for a"
                    + " second of question or speech, and operations and bytes of its matrix products by time, beside what"
                    + " the machine gives. Then whole answers, whose stages overlap."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow bench",
            "  sparrow bench --policies none,even:12,triple:12 --rounds 9 --plot speed.png",
            "  sparrow bench --model glm-4-voice/ --heads heads/ --policies even:36 --threads 2 --json",
            "  sparrow bench --model glm-4-voice.gguf --policies even:36 --speech-logits all,speech",
            "  sparrow bench --sessions 1,2,4,8 --policies even:12",
            "  sparrow bench --context 1000,4000,8000,16000 --model step-audio-2-mini/",
            "  sparrow bench --voice --model glm-4-voice/ --questions 5,15 --speech 6 --threads 2"
        })
final class BenchCommand implements Callable<Integer> {
    @Option(
            names = "--policies",
            // conf:20,28:0.5 is one policy.
            split = ",(?=[A-Za-z])",
            splitSynopsisLabel = ",",
            paramLabel = "POLICY",
            description = "Exit policies of speech positions to compare with none, which always runs: fixed:LAYER,"
                    + " conf:LAYER[,LAYER...]:NATS, even:LAYER, odd:LAYER, triple:LAYER, a pattern such as FEEF:LAYER,"
                    + " draft:LAYER:N or speculate:N. Default: the model's own.")
    private List<DepthPolicy> policies;

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description =
                    "The exit policy of speech positions from a file that study tune wrote, instead of --policies.")
    private Path policy;

    @Option(
            names = "--speech-logits",
            split = ",",
            paramLabel = "ROWS",
            description = "Rows of the output matrix to compute at speech positions of full depth: all, speech (those"
                    + " of speech and end tokens), or all,speech: every policy with each, compared with none and the"
                    + " first. Default: all.")
    private List<SpeechLogits> speechLogits = List.of(SpeechLogits.ALL);

    @Mixin
    private SkippedKvOption baseline;

    @Option(
            names = "--verify",
            split = ",",
            paramLabel = "VERIFICATION",
            description =
                    "Verification of early tokens: none, measure, exact (as of sparrow ask), or several: every policy"
                            + " with each. Default: exact for drafts, else none.")
    private List<Verification> verifications = List.of();

    @Mixin
    private VoiceBench voice;

    @Mixin
    private SessionBench sessions;

    @Mixin
    private ContextBench contexts;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "How often every policy runs. Default: 5; with --voice 1; with --sessions and --context 3.")
    private Integer rounds;

    @Option(
            names = "--prompt",
            paramLabel = "N",
            defaultValue = "96",
            description = "Tokens to prefill before each run. Default: ${DEFAULT-VALUE}.")
    private int prompt;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            defaultValue = "52",
            description =
                    "Tokens to decode in each run, at speech positions. Default: ${DEFAULT-VALUE}, whole chunks of"
                            + " the models known.")
    private int tokens;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "Wait at most this long for the JIT to compile everything; 0 does not wait."
                    + " Default: ${DEFAULT-VALUE}.")
    private double warmUp;

    @Option(names = "--json", description = "Print one JSON object instead of tables.")
    private boolean json;

    @Option(
            names = "--save",
            paramLabel = "JSON",
            description = "Write that object to a file, beside what is printed; of policies.")
    private Path save;

    @Option(
            names = "--plot",
            paramLabel = "PNG",
            description = "Draw tokens per second and ratios as bars; with --voice the stages.")
    private Path plot;

    @Mixin
    private LanguageModelOptions modelOptions;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        checkPlot();
        if (save != null) OutputPath.expectFile("--save", save);
        checkKind();
        if (voice.isAsked()) return voice();
        if (contexts.isAsked()) return contexts.run(modelOptions, rounds, tokens, warmUp, command(), json);
        return sessions.isAsked() ? sessions() : languageModel();
    }

    private int languageModel() throws IOException {
        long start = System.nanoTime();
        try (LanguageModelOptions.Measured model = modelOptions.openMeasured()) {
            double loadSeconds = (System.nanoTime() - start) / 1e9;
            LanguageModel lm = model.languageModel();
            BenchSettings settings = new BenchSettings(
                    policies(model.speechExit(), lm),
                    speechLogits,
                    baseline.skippedKv(),
                    verifications,
                    rounds == null ? 5 : rounds,
                    prompt,
                    tokens,
                    warmUp);
            Measurements measured = measure(lm, settings);
            if (measured.isEmpty()) {
                spec.commandLine().getErr().println("sparrow: stopped before anything was measured");
                return Main.INTERRUPTED;
            }
            // Stopped by Ctrl-C: what was measured is still written, and writing must not be interrupted.
            boolean interrupted = Thread.interrupted() || measured.interrupted();
            BenchReport.Origin origin =
                    new BenchReport.Origin(command(), model.name(), model.file().toString(), loadSeconds);
            report(BenchReport.of(origin, lm, settings, measured));
            return interrupted ? Main.INTERRUPTED : 0;
        }
    }

    /** Before anything is measured: minutes would be lost. */
    private void checkPlot() {
        if (plot == null) return;
        if (!plot.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
            throw new IllegalArgumentException("--plot: expected a file name that ends with .png, got " + plot);
        }
        OutputPath.expectFile("--plot", plot);
    }

    /** An option of the other kind of benchmark would be passed over. */
    private void checkKind() {
        if (save != null) {
            refuse(spec, "--save", List.of("--voice", "--sessions", "--context"));
        }
        sessions.check();
        if (contexts.isAsked()) contexts.check();
        voice.check(speechLogits, verifications);
    }

    /** Refuses options of other parts, which this one would pass over. */
    static void refuse(CommandSpec spec, String kind, List<String> options) {
        for (String option : options) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new IllegalArgumentException(option + ": expected without " + kind);
            }
        }
    }

    private int sessions() throws IOException {
        return sessions.run(modelOptions, this::policies, rounds, prompt, tokens, warmUp, command(), json);
    }

    private int voice() throws IOException {
        return voice.run(
                modelOptions,
                (opened, questions, speech) -> new VoiceSettings(
                        policies(opened.defaultPlan().speech(), opened.languageModel()),
                        speechLogits.getFirst(),
                        baseline.skippedKv(),
                        verifications.stream().findFirst(),
                        questions,
                        speech,
                        rounds == null ? 1 : rounds,
                        warmUp),
                command(),
                json,
                Optional.ofNullable(plot));
    }

    private List<DepthPolicy> policies(DepthPolicy own, LanguageModel model) throws IOException {
        if (policy == null) return policies == null ? List.of(own) : policies;
        if (policies != null) {
            throw new IllegalArgumentException("--policy: expected without --policies, which it replaces");
        }
        PolicyFile file = PolicyFile.read(policy);
        return List.of(file.planFor(model.transformer()).speech());
    }

    private Measurements measure(LanguageModel model, BenchSettings settings) {
        try (Waiting waiting = Waiting.begin("measuring", Benchmark.runs(settings))) {
            return Benchmark.run(model, settings, progress(waiting));
        }
    }

    static BenchProgress progress(Waiting waiting) {
        return new BenchProgress() {
            @Override
            public void begin(String run) {
                waiting.now(run);
            }

            @Override
            public void ended() {
                waiting.step();
            }
        };
    }

    private String command() {
        return "sparrow "
                + String.join(" ", spec.root().commandLine().getParseResult().originalArgs());
    }

    private void report(BenchReport report) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (json) out.println(JsonText.of(report));
        else BenchTable.print(report, out);
        out.flush();
        if (save != null) AtomicFile.write(save, JsonText.of(report) + "\n");
        if (plot != null) BenchChart.write(report, plot);
    }
}
