package sparrow.bench.decode;

import static sparrow.bench.harness.Figures.format;
import static sparrow.bench.harness.Figures.number;
import static sparrow.bench.harness.Figures.spread;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.knowm.xchart.CategoryChart;
import sparrow.app.options.LanguageModelOptions;
import sparrow.app.report.Quartiles;
import sparrow.app.report.Table;
import sparrow.bench.harness.BarChart;
import sparrow.bench.harness.BenchReport;
import sparrow.bench.harness.Benchmark;
import sparrow.bench.harness.Figures;
import sparrow.bench.harness.PeakMemory;
import sparrow.bench.harness.Run;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.interleave.InterleaveFormat;

/**
 * {@code bench decode}: measures each policy once per round. In addition, each round contains one run per exit layer
 * with every kind of step.
 */
final class DecodeBenchmark implements Benchmark {
    /**
     * Schedule that repeats full steps with zero, one and two pending positions, so that all kinds are measured at
     * similar context lengths.
     */
    private static final String EVERY_KIND = "FEFEEF";

    /** Number of tokens decoded in a warm-up run, equal to two repetitions of {@link #EVERY_KIND}. */
    private static final int WARM_UP_TOKENS = 12;

    private final LanguageModelOptions.Measured measured;
    private final LanguageModel model;
    private final double loadSeconds;
    private final DecodeSettings settings;
    private final SequencedMap<ExitPlan, List<DecodeRun>> runs = new LinkedHashMap<>();

    /** Step times in nanoseconds, by the run's exit layer and by kind. */
    private final SortedMap<Integer, SortedMap<StepKind, List<Long>>> steps = new TreeMap<>();

    private final List<Double> prefillsPerSecond = new ArrayList<>();
    private double firstPrefillSeconds;

    /**
     * Creates a benchmark of exit policies.
     *
     * @param loadSeconds time to open the model
     * @throws IllegalArgumentException if the settings do not fit the model
     */
    DecodeBenchmark(LanguageModelOptions.Measured measured, double loadSeconds, DecodeSettings settings) {
        this.measured = measured;
        this.model = measured.languageModel();
        this.loadSeconds = loadSeconds;
        this.settings = settings;
        settings.check(model);
    }

    @Override
    public List<Run> warmUp() {
        return round(Math.min(settings.tokens(), WARM_UP_TOKENS), false);
    }

    @Override
    public List<List<Run>> phases() {
        return List.of(round(settings.tokens(), true));
    }

    private List<Run> round(int tokens, boolean kept) {
        List<Run> round = new ArrayList<>();
        for (ExitPlan plan : settings.plans()) {
            round.add(run(plan.toString(), model, plan, tokens, kept, run -> {
                runs.computeIfAbsent(plan, p -> new ArrayList<>()).add(run);
                // Without early exits, there is only one kind of step, so this run is omitted.
                if (settings.exitLayers().isEmpty() && plan.equals(ExitPlan.NONE)) addSteps(model.layers(), plan, run);
            }));
        }
        // Patterns restart in each chunk, and a model's chunk of codes may be shorter than this pattern. Chunks of
        // frames are longer.
        LanguageModel inChunksOfThePattern = model.tokens().codes() == 0
                ? model
                : new LanguageModel(
                        model.transformer(),
                        model.heads(),
                        model.tokens(),
                        new InterleaveFormat(1, EVERY_KIND.length()));
        for (int layer : settings.exitLayers()) {
            ExitPlan everyKind = settings.schedule(EVERY_KIND, layer);
            round.add(run(
                    "steps after layer " + layer,
                    inChunksOfThePattern,
                    everyKind,
                    tokens,
                    kept,
                    run -> addSteps(layer, everyKind, run)));
        }
        return round;
    }

    private Run run(String name, LanguageModel of, ExitPlan plan, int tokens, boolean kept, Consumer<DecodeRun> keep) {
        return new Run(name, () -> {
            DecodeRun run = DecodeRun.of(of, plan, settings.promptTokens(), tokens);
            double seconds = run.prefill().nanos() / 1e9;
            // The first prefill reads weights from the file, and its kernels are not yet compiled.
            if (firstPrefillSeconds == 0) firstPrefillSeconds = seconds;
            if (kept && run.complete()) {
                prefillsPerSecond.add(settings.promptTokens() / seconds);
                keep.accept(run);
            }
            return run.complete();
        });
    }

    private void addSteps(int exitLayer, ExitPlan plan, DecodeRun run) {
        StepKind.sort(
                run.decoded(),
                model.layers(),
                plan.skippedKv(),
                steps.computeIfAbsent(exitLayer, layer -> new TreeMap<>()));
    }

    @Override
    public boolean isEmpty() {
        return runs.isEmpty();
    }

    @Override
    public void report(BenchReport report) {
        long bytes = new WeightTraffic(model, ExitPlan.NONE).bytes(model.layers());
        Quartiles prefill = Quartiles.of(prefillsPerSecond);
        PeakMemory memory = PeakMemory.soFar();
        report.model(
                        measured.name(),
                        measured.file(),
                        model,
                        Map.of(
                                "layers", model.layers(),
                                "bytes_per_token", bytes,
                                "load_seconds", loadSeconds,
                                "first_prefill_seconds", firstPrefillSeconds))
                .value("prompt_tokens", settings.promptTokens())
                .value("decoded_tokens", settings.tokens())
                .value("prefill_tokens_per_s", prefill)
                .value("peak_memory", memory)
                .line("weights", format("%d layers; %.1f MB read per token at full depth", model.layers(), bytes / 1e6))
                .line(
                        "runs",
                        format(
                                "%d tokens prefilled, %d decoded at speech positions; rounds: %d",
                                settings.promptTokens(), settings.tokens(), report.rounds()))
                .line("load", format("%.2f s; first prefill %.2f s", loadSeconds, firstPrefillSeconds))
                .line("memory", memory.toString())
                .line("prefill", number(prefill.median()) + " tokens/s  " + spread(prefill))
                .table("policies", PolicyResult.table(policies()))
                .table("steps", steps(kinds()));
    }

    private List<PolicyResult> policies() {
        List<DecodeRun> none = runs.firstEntry().getValue();
        double bytesOfNone = new WeightTraffic(model, ExitPlan.NONE).bytes(model.layers());
        List<PolicyResult> results = new ArrayList<>();
        runs.forEach(
                (plan, own) -> results.add(PolicyResult.of(own, none, bytesOfNone, new WeightTraffic(model, plan))));
        return results;
    }

    /**
     * The times of a kind of step, including logits and the choice of the token.
     *
     * @param runExit exit layer of the run's early steps, or L if the run has no early steps
     * @param full full steps of the same runs without pending positions, or null if there are no such steps
     */
    private record Kind(int runExit, StepKind kind, Quartiles ms, Quartiles full, long bytes) {
        Double ratioToFull() {
            return full == null ? null : ms.median() / full.median();
        }

        double gbPerS() {
            return bytes / ms.median() / 1e6;
        }
    }

    private List<Kind> kinds() {
        List<Kind> results = new ArrayList<>();
        steps.forEach((exitLayer, kinds) -> {
            boolean early = exitLayer < model.layers();
            ExitPlan plan = early ? settings.schedule(EVERY_KIND, exitLayer) : ExitPlan.NONE;
            WeightTraffic traffic = new WeightTraffic(model, plan);
            List<Long> full = kinds.get(new StepKind(model.layers(), 0));
            kinds.forEach((kind, nanos) -> results.add(new Kind(
                    exitLayer,
                    kind,
                    millis(nanos),
                    full == null ? null : millis(full),
                    traffic.bytes(kind.exitLayer()))));
        });
        return results;
    }

    private static Quartiles millis(List<Long> nanos) {
        return Quartiles.of(nanos.stream().map(n -> n / 1e6).toList());
    }

    private Table<Kind> steps(List<Kind> kinds) {
        return new Table<>(kinds)
                .words("step", "step", row -> row.kind().name(row.runExit(), model.layers()))
                .data("exit_layer", Kind::runExit)
                .data("depth", row -> row.kind().exitLayer())
                .data("pending_rows", row -> row.kind().pending())
                .spread("ms", "ms", Figures::number, Kind::ms)
                .number("ratio_to_full", "x full", 3, Kind::ratioToFull)
                .number("bytes", "MB", bytes -> format("%.1f", bytes / 1e6), Kind::bytes)
                .number("gb_per_s", "GB/s", Figures::number, Kind::gbPerS);
    }

    /** Returns charts of tokens per second and of the ratio to full depth. */
    @Override
    public List<CategoryChart> charts() {
        List<PolicyResult> policies = policies();
        List<String> names = policies.stream().map(PolicyResult::name).toList();
        String below = "exits, " + model.transformer().kernels().pool().threads() + " threads";
        List<Quartiles> speeds =
                policies.stream().map(PolicyResult::tokensPerSecond).toList();
        List<Quartiles> ratios = policies.stream()
                .map(policy -> policy.ratioToNone() == null ? new Quartiles(1, 1, 1, 1) : policy.ratioToNone())
                .toList();
        return List.of(
                BarChart.of(measured.name() + ": decoding", below, "tokens per second", names, speeds),
                BarChart.of("compared with full depth", below, "speed, ratio to none", names, ratios));
    }
}
