package sparrow.bench.decode;

import static sparrow.bench.harness.Figures.format;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import sparrow.app.options.LanguageModelOptions;
import sparrow.app.report.Quartiles;
import sparrow.app.report.Table;
import sparrow.bench.harness.BenchReport;
import sparrow.bench.harness.Benchmark;
import sparrow.bench.harness.Figures;
import sparrow.bench.harness.Run;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.exit.ExitPlan;

/**
 * {@code bench decode --replies}: measures replies that are decoded together. A round contains one run for each
 * combination of reply count and exit policy.
 */
final class BatchBenchmark implements Benchmark {
    private static final int MAX_REPLIES = 256;

    private final LanguageModelOptions.Measured model;
    private final int promptTokens;
    private final int passes;
    private final List<Together> all = new ArrayList<>();

    /** The runs in which a number of replies were decoded together with a policy. */
    private record Together(int replies, ExitPlan plan, List<BatchRun.Times> runs) {
        /** Returns the number of prompt tokens processed per second by all replies together. */
        Quartiles prefill() {
            return Quartiles.of(
                    runs.stream().map(BatchRun.Times::prefillPerSecond).toList());
        }

        /** Returns the duration of a pass, in milliseconds. A pass decodes one token of each reply. */
        Quartiles passMillis() {
            return Quartiles.of(runs.stream()
                    .flatMap(run -> run.passNanos().stream())
                    .map(nanos -> nanos / 1e6)
                    .toList());
        }

        /** Returns the number of tokens decoded per second by all replies together, as quartiles of all rounds. */
        Quartiles tokensPerSecond() {
            return Quartiles.of(runs.stream()
                    .map(run -> replies
                            * 1e9
                            / run.passNanos().stream()
                                    .mapToLong(Long::longValue)
                                    .average()
                                    .orElseThrow())
                    .toList());
        }

        /** Returns the fraction of passes that do not read the upper layers. */
        double earlyPasses() {
            return runs.stream()
                    .mapToDouble(
                            run -> (double) run.earlyPasses() / run.passNanos().size())
                    .average()
                    .orElseThrow();
        }
    }

    /**
     * Creates a benchmark of replies that are decoded together.
     *
     * @param replies numbers of replies to decode together
     * @param plans exit plans to compare
     * @param promptTokens number of tokens in each prompt
     * @param passes number of passes to time in each run
     * @throws IllegalArgumentException if the arguments do not fit the model
     */
    BatchBenchmark(
            LanguageModelOptions.Measured model,
            List<Integer> replies,
            List<ExitPlan> plans,
            int promptTokens,
            int passes) {
        this.model = model;
        this.promptTokens = promptTokens;
        this.passes = passes;
        for (int count : new LinkedHashSet<>(replies)) {
            if (count < 1 || count > MAX_REPLIES) {
                throw new IllegalArgumentException("--replies: expected 1 to " + MAX_REPLIES + ", got " + count);
            }
            for (ExitPlan plan : new LinkedHashSet<>(plans)) {
                all.add(new Together(count, plan, new ArrayList<>()));
            }
        }
        check(plans);
    }

    private void check(List<ExitPlan> plans) {
        if (promptTokens < 1)
            throw new IllegalArgumentException("--set prompt: expected 1 or more, got " + promptTokens);
        if (passes < 1) throw new IllegalArgumentException("--tokens: expected 1 or more, got " + passes);
        LanguageModel lm = model.languageModel();
        plans.forEach(lm::check);
        int max = lm.transformer().config().contextLength() - 1 - BatchRun.cycle(lm);
        if ((long) promptTokens + passes > max) {
            throw new IllegalArgumentException("--set prompt=" + promptTokens + " and --tokens " + passes
                    + ": expected at most " + max + " together, the context of this model"
                    + " less one cycle of text and speech");
        }
    }

    @Override
    public List<Run> warmUp() {
        return runs(together -> new ArrayList<>());
    }

    @Override
    public List<List<Run>> phases() {
        return List.of(runs(Together::runs));
    }

    private List<Run> runs(Function<Together, List<BatchRun.Times>> into) {
        return all.stream()
                .map(together -> new Run(together.replies() + " with " + together.plan(), () -> {
                    List<BatchRun.Times> runs = into.apply(together);
                    BatchRun.Times times = BatchRun.of(
                            model.languageModel(),
                            together.plan(),
                            together.replies(),
                            promptTokens,
                            passes,
                            runs.size() + 1);
                    boolean complete = times.passNanos().size() == passes;
                    if (complete) runs.add(times);
                    return complete;
                }))
                .toList();
    }

    private List<Together> measured() {
        return all.stream().filter(together -> !together.runs().isEmpty()).toList();
    }

    @Override
    public boolean isEmpty() {
        return measured().isEmpty();
    }

    @Override
    public void report(BenchReport report) {
        report.model(model.name(), model.file(), model.languageModel(), Map.of())
                .value("prompt_tokens", promptTokens)
                .value("passes", passes)
                .line(
                        "runs",
                        format(
                                "%d prompt tokens for each reply, %d passes timed once all speak; rounds: %d; tokens"
                                        + " forced",
                                promptTokens, passes, report.rounds()));
        Table<Together> table = new Table<>(measured())
                .number("replies", "replies", 0, Together::replies)
                .words("exit", "exit", row -> row.plan().toString())
                .median("prefill_tokens_per_s", "prefill tok/s", Figures::number, Together::prefill)
                .spread("pass_ms", "pass ms", Figures::number, Together::passMillis)
                .median("tokens_per_s", "tokens/s", Figures::number, Together::tokensPerSecond)
                .number(
                        "tokens_per_s_each",
                        "each",
                        Figures::number,
                        row -> row.tokensPerSecond().median() / row.replies())
                .number("early_passes", "early", Figures::percent, Together::earlyPasses);
        report.table("rows", table);
    }
}
