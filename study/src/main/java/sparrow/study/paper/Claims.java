package sparrow.study.paper;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import sparrow.app.report.Mean;
import sparrow.engine.interleave.Modality;
import sparrow.models.SpokenModel;
import sparrow.study.compare.PairedDifference;
import sparrow.study.compare.PolicyResult;
import sparrow.study.layers.LayerTable;
import sparrow.study.paper.Claim.Verdict;
import sparrow.study.run.PolicyCase;

/**
 * The claims of the paper and their verdicts.
 *
 * @param rows results by exit plan
 * @param layers the layer study
 */
record Claims(
        SpokenModel model, PaperCases cases, LayerChoice choice, Map<String, PolicyResult> rows, LayerTable layers) {
    /** Maximum loss of accuracy in the paper's table, in points. */
    private static final double PUBLISHED_LOSS = 0.82;

    /** Range of scores and error rates, in percent. */
    private static final double PERCENT = 100;

    /** Range of opinion scores from 1 to 5. */
    private static final double OPINION = 4;

    /** A schedule and a fixed exit with equal average depth. */
    record EqualDepth(PolicyResult schedule, PolicyResult fixed) {
        PairedDifference difference() {
            return schedule.minus(fixed);
        }
    }

    List<Claim> all() {
        List<Claim> all = new ArrayList<>();
        all.add(lowerLayers());
        all.add(accuracy());
        all.add(sound());
        all.add(saving());
        all.add(fixedCollapses());
        all.add(equalDepth());
        all.add(longerPeriods());
        all.add(deeperExits());
        all.add(confidence());
        all.add(textSchedules());
        all.add(textConfidence());
        return all;
    }

    private Claim lowerLayers() {
        List<LayerTable.Row> lower = layers.of(Modality.SPEECH).stream()
                .filter(row -> row.layer() < model.languageModel().layers())
                .toList();
        List<Verdict> verdicts = lower.stream()
                .map(row -> Verdict.atMost(negative(row.mosDifference()), 0.1, OPINION)
                        .and(Verdict.gain(plus(row.werDifference(), -10), 0, PERCENT)))
                .toList();
        return new Claim(
                "4.1",
                "Speech from lower layers sounds almost as natural as speech from the last layer, but its words are wrong.",
                "A layer below the last loses at most 0.1 of MOS and gains more than ten points of WER.",
                lower.stream()
                        .map(row -> "layer " + row.layer() + ": ΔMOS " + Claim.shown(row.mosDifference(), 3) + ", ΔWER "
                                + Claim.shown(row.werDifference(), 1))
                        .collect(Collectors.joining("; ")),
                any(verdicts));
    }

    private static Verdict any(List<Verdict> verdicts) {
        if (verdicts.contains(Verdict.HOLDS)) return Verdict.HOLDS;
        return verdicts.contains(Verdict.CANNOT_BE_DECIDED) ? Verdict.CANNOT_BE_DECIDED : Verdict.DOES_NOT_HOLD;
    }

    private Claim accuracy() {
        return ofSchedules(
                "The schedules lose at most 0.82 points of accuracy.",
                "For even, odd and triple at the chosen layers, Δ is at least -0.82 points.",
                row -> Claim.shown(row.all().difference().score(), 1),
                row -> Verdict.atMost(negative(row.all().difference().score()), PUBLISHED_LOSS, PERCENT));
    }

    private Claim sound() {
        return ofSchedules(
                "MOS and WER change negligibly.",
                "For even, odd and triple at the chosen layers, MOS falls by at most 0.05 and WER rises by at most one point.",
                row -> "ΔMOS " + Claim.shown(row.all().difference().mos(), 3) + ", ΔWER "
                        + Claim.shown(row.all().difference().wer(), 1),
                row -> Verdict.atMost(negative(row.all().difference().mos()), 0.05, OPINION)
                        .and(Verdict.atMost(row.all().difference().wer(), 1, PERCENT)));
    }

    private Claim saving() {
        return ofSchedules(
                "The schedules save 11 % (Step-Audio-2-mini) and 5 % (GLM-4-Voice) of the speech depth.",
                "Each of the chosen schedules saves at least 5 %.",
                row -> Claim.shown(row.all().depthSaved().times(PERCENT), 1) + " %",
                row -> row.all().depthSaved().value() >= 0.05 ? Verdict.HOLDS : Verdict.DOES_NOT_HOLD);
    }

    private Claim ofSchedules(
            String paper, String rule, Function<PolicyResult, String> shown, Function<PolicyResult, Verdict> verdict) {
        List<PolicyResult> schedules =
                choice.schedules().stream().map(rows::get).toList();
        return new Claim(
                "5.2",
                paper,
                rule,
                schedules.stream()
                        .map(row -> row.policies() + ": " + shown.apply(row))
                        .collect(Collectors.joining("; ")),
                schedules.stream().map(verdict).reduce(Verdict::and).orElseThrow());
    }

    private Claim fixedCollapses() {
        PolicyResult schedule = rows.get("even:" + choice.even());
        PolicyResult fixed = nearest(fixed(), depth(schedule));
        double lost = 100 * (rows.get("none").all().endedShare() - fixed.all().endedShare());
        return new Claim(
                "5.3",
                "With a fixed exit at the schedule's average depth, speech does not end.",
                "More than five percent fewer replies end by themselves than at full depth.",
                String.format(
                        Locale.ROOT,
                        "%s: %.1f %% end by themselves, full depth %.1f %%",
                        fixed.policies(),
                        100 * fixed.all().endedShare(),
                        100 * rows.get("none").all().endedShare()),
                lost > 5 ? Verdict.HOLDS : Verdict.DOES_NOT_HOLD);
    }

    /** Returns pairs of a schedule and a fixed exit whose average depths differ by at most a quarter of a layer. */
    List<EqualDepth> equalDepths() {
        List<EqualDepth> pairs = new ArrayList<>();
        for (PolicyCase one : cases.schedules()) {
            PolicyResult schedule = rows.get(one.policies());
            if (PaperCases.kind(one).equals("fixed")) continue;
            PolicyResult fixed = nearest(fixed(), depth(schedule));
            if (Math.abs(depth(fixed) - depth(schedule)) <= 0.25) pairs.add(new EqualDepth(schedule, fixed));
        }
        return pairs;
    }

    private Claim equalDepth() {
        List<EqualDepth> pairs = equalDepths();
        return new Claim(
                "5.3",
                "At equal average depth, a schedule is better than a fixed exit.",
                "The schedule of each pair has more points than the fixed exit. The claim does not hold if a gain above one"
                        + " point is excluded.",
                pairs.stream()
                        .map(pair -> pair.schedule().policies() + " - "
                                + pair.fixed().policies() + ": "
                                + Claim.shown(pair.difference().score(), 1))
                        .collect(Collectors.joining("; ")),
                pairs.stream()
                        .map(pair -> Verdict.gain(pair.difference().score(), 1, PERCENT))
                        .reduce(Verdict::and)
                        .orElse(Verdict.CANNOT_BE_DECIDED));
    }

    private Claim longerPeriods() {
        int layer = cases.schedules().stream()
                .filter(one -> PaperCases.kind(one).equals("FEEE"))
                .map(one -> one.plan().speech().exitLayers().getFirst())
                .min(Integer::compare)
                .orElseThrow();
        return compared("5.3", "More consecutive early positions lose more quality.", "even:" + layer, "FEEE:" + layer);
    }

    private Claim deeperExits() {
        List<PolicyCase> even = cases.schedules().stream()
                .filter(one -> PaperCases.kind(one).equals("even"))
                .toList();
        return compared(
                "5.4",
                "A deeper exit layer loses less quality.",
                even.getLast().policies(),
                even.getFirst().policies());
    }

    private Claim confidence() {
        PolicyResult schedule = rows.get("even:" + choice.even());
        PolicyResult sure = nearest(results(cases.thresholds()), depth(schedule));
        return compared(
                "5.4",
                "A confidence rule is worse than a schedule of about the same depth.",
                schedule.policies(),
                sure.policies());
    }

    private Claim textSchedules() {
        return compared(
                "B",
                "A schedule on text loses more than the same schedule on speech.",
                "even:" + choice.even(),
                "text=even:" + choice.even());
    }

    private Claim textConfidence() {
        return compared(
                "B",
                "On text, a confidence rule is better than a schedule.",
                "text=conf:" + choice.even() + ":" + choice.textNats(),
                "text=even:" + choice.even());
    }

    private Claim compared(String section, String paper, String better, String worse) {
        PolicyResult first = rows.get(better);
        PolicyResult second = rows.get(worse);
        Mean gain = first.minus(second).score();
        return new Claim(
                section,
                paper,
                better + " has more points than " + worse
                        + ". The claim does not hold if a gain above one point is excluded.",
                String.format(
                        Locale.ROOT,
                        "%s points; layers per token %.2f and %.2f",
                        Claim.shown(gain, 1),
                        first.all().depth().layersRead(),
                        second.all().depth().layersRead()),
                Verdict.gain(gain, 1, PERCENT));
    }

    List<PolicyResult> results(List<PolicyCase> some) {
        return some.stream().map(one -> rows.get(one.policies())).toList();
    }

    private List<PolicyResult> fixed() {
        return results(cases.schedules()).stream()
                .filter(row -> PaperCases.kind(row.policy()).equals("fixed"))
                .toList();
    }

    private static double depth(PolicyResult row) {
        return row.all().depth().averageSpeechExit();
    }

    private static PolicyResult nearest(List<PolicyResult> rows, double depth) {
        return rows.stream()
                .min(Comparator.comparingDouble(row -> Math.abs(depth(row) - depth)))
                .orElseThrow();
    }

    private static Mean negative(Mean mean) {
        return mean == null ? null : mean.times(-1);
    }

    private static Mean plus(Mean mean, double more) {
        return mean == null ? null : new Mean(mean.value() + more, mean.standardError(), mean.count());
    }
}
