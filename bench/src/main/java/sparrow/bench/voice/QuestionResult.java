package sparrow.bench.voice;

import static sparrow.bench.harness.Figures.format;
import static sparrow.bench.harness.Figures.number;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.knowm.xchart.CategoryChart;
import sparrow.app.report.Quartiles;
import sparrow.app.report.Table;
import sparrow.bench.harness.BarChart;
import sparrow.bench.harness.BenchReport;
import sparrow.bench.harness.Figures;
import sparrow.engine.exit.ExitPlan;

/**
 * The results of a question of one length.
 *
 * @param seconds length of the question
 * @param runs one or more measurements
 */
record QuestionResult(double seconds, VoiceBenchmark.QuestionRuns runs) {
    private record Answers(String exit, List<WholeAnswer> runs) {
        Quartiles of(Function<WholeAnswer, Double> figure) {
            return Quartiles.of(runs.stream().map(figure).toList());
        }
    }

    private static Table<Answers> answers(List<Answers> rows) {
        return new Table<>(rows)
                .words("exit", "whole answer", Answers::exit)
                .median("first_text_seconds", "text, s", Figures::number, row -> row.of(WholeAnswer::firstText))
                .median("first_audio_seconds", "audio, s", Figures::number, row -> row.of(WholeAnswer::firstAudio))
                .median("done_seconds", "done, s", Figures::number, row -> row.of(WholeAnswer::done))
                .median("pauses_seconds", "pauses, s", Figures::number, row -> row.of(WholeAnswer::pauses))
                .median("real_time_factor", "x real time", Figures::number, row -> row.of(WholeAnswer::realTimeFactor));
    }

    private record Listed(StageResult stage, StageResult.Products products) {}

    private static Table<Listed> products(List<Listed> rows) {
        return new Table<>(rows)
                .words("stage", "longest products", row -> row.stage().name())
                .words("kind", "", row -> row.products().kind())
                .words(
                        "size",
                        "rows x columns x depth",
                        row -> row.products().rows() + " x " + row.products().columns() + " x "
                                + row.products().depth())
                .number("count", "count", 0, row -> row.products().count())
                .number("seconds", "s", Figures::number, row -> row.products().seconds())
                .number(
                        "gflops",
                        "GFLOP/s",
                        Figures::number,
                        row -> row.products().gflops());
    }

    /** Returns the stages that ran, with one decoding stage per policy. */
    List<StageResult> stages() {
        List<StageResult> stages = new ArrayList<>();
        for (Stage stage : Stage.values()) {
            if (!last().nanos().containsKey(stage)) continue;
            boolean one = stage != Stage.DECODE || runs.decodes.isEmpty();
            stages.add(stage(stage, one ? null : ExitPlan.NONE.toString(), runs.passes));
            if (!one) runs.decodes.forEach((policy, passes) -> stages.add(stage(stage, policy.toString(), passes)));
        }
        return stages;
    }

    private StageResult stage(Stage stage, String policy, List<VoicePass> passes) {
        VoicePass latest = passes.getLast();
        return new StageResult(
                stage,
                policy,
                seconds(passes, pass -> pass.nanos().get(stage)),
                stage.isOfTheQuestion() ? seconds : last().speechSeconds(),
                latest.work().get(stage),
                (double) latest.work().get(stage).linearNanos() / latest.nanos().get(stage));
    }

    private VoicePass last() {
        return runs.passes.getLast();
    }

    void report(BenchReport report, MachineRates rates, int products) {
        Quartiles total = seconds(runs.passes, VoicePass::total);
        Quartiles between = seconds(runs.passes, VoicePass::other);
        Quartiles firstText = seconds(
                runs.passes,
                pass -> pass.nanos().get(Stage.ENCODE) + pass.nanos().get(Stage.PREFILL));
        Map<String, Double> way = wayToFirstAudio();
        double firstAudio =
                way.values().stream().mapToDouble(Double::doubleValue).sum();
        report.value("seconds", seconds)
                .value("prompt_tokens", last().promptTokens())
                .value("reply_tokens", last().tokens())
                .value("total_seconds", total)
                .value("other_seconds", between)
                .value("first_text_seconds", firstText)
                .value("first_audio", Map.of("seconds", way, "total", firstAudio))
                .line("")
                .line(format(
                        "question of %.1f s: %d prompt tokens; answer of %d tokens",
                        seconds, last().promptTokens(), last().tokens()))
                .rows("stages", StageResult.table(stages(), rates))
                .line("between stages " + number(between.median()) + " s; together " + number(total.median()) + " s");
        if (products > 0) report.rows("listed_products", products(listed(products)));
        report.line(way.entrySet().stream()
                        .map(stage -> " " + stage.getKey() + " " + number(stage.getValue()))
                        .collect(Collectors.joining(
                                ",",
                                "first text after " + number(firstText.median()) + " s; first audio after "
                                        + number(firstAudio) + " s:",
                                "")))
                .rows(
                        "answers",
                        answers(runs.answers.entrySet().stream()
                                .map(entry -> new Answers(entry.getKey().toString(), entry.getValue()))
                                .toList()));
    }

    private List<Listed> listed(int products) {
        return stages().stream()
                .flatMap(stage -> stage.longest(products).stream().map(of -> new Listed(stage, of)))
                .toList();
    }

    /** Returns the time of each stage before the first sample, in seconds and in order of execution. */
    private Map<String, Double> wayToFirstAudio() {
        Map<String, Double> way = new LinkedHashMap<>();
        for (Stage stage : Stage.values()) {
            if (!last().toFirstAudio().containsKey(stage)) continue;
            way.put(
                    stage.word(),
                    seconds(runs.passes, pass -> pass.toFirstAudio().get(stage)).median());
        }
        return way;
    }

    /** Returns a chart with each stage's time per second of question or speech. */
    CategoryChart chart(String model, String below) {
        List<StageResult> stages = stages().stream()
                .filter(stage -> stage.secondsPerSecond() != null)
                .toList();
        return BarChart.of(
                model + ": question of " + seconds + " s",
                below,
                "seconds per second of question or speech",
                stages.stream().map(StageResult::name).toList(),
                stages.stream()
                        .map(stage -> Quartiles.of(List.of(stage.secondsPerSecond())))
                        .toList());
    }

    private static Quartiles seconds(List<VoicePass> passes, ToLongFunction<VoicePass> nanos) {
        return Quartiles.of(
                passes.stream().map(pass -> nanos.applyAsLong(pass) / 1e9).toList());
    }
}
