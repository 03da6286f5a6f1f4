package sparrow.study.paper;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import sparrow.app.report.Mean;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.interleave.Modality;
import sparrow.engine.transformer.Transformer;
import sparrow.models.SpokenModel;
import sparrow.study.compare.PairedDifference;
import sparrow.study.compare.PolicyResult;
import sparrow.study.layers.LayerTable;
import sparrow.study.paper.Claim.Bound;
import sparrow.study.paper.Claim.Bound.AtMost;
import sparrow.study.paper.Claim.Bound.MoreThan;
import sparrow.study.paper.Claim.Finding;
import sparrow.study.paper.Claim.Verdict;

/**
 * The claims of the paper (arXiv 2603.09215) in its words, with its metrics and comparisons, and their verdicts.
 * Accuracy is judged on transcripts, as in section 5.1.
 *
 * @param rows results by exit plan
 * @param layers the layer study
 */
record Claims(
        SpokenModel model, PaperCases cases, LayerChoice choice, Map<String, PolicyResult> rows, LayerTable layers) {
    /** Agreement at which a layer's tokens differ from the last layer's, for the claim about MOS. */
    private static final double DIFFERENT_TOKENS = 0.9;

    /** Difference of average exit layers below which two policies have equal depth. */
    private static final double EQUAL_DEPTH = 0.25;

    private static final Bound BESIDE = new Bound.None();

    /** Two policies whose average exit layers are equal. */
    record EqualDepth(PolicyResult row, PolicyResult other) {
        PairedDifference difference() {
            return row.minus(other);
        }
    }

    List<Claim> all() {
        List<Claim> all = new ArrayList<>();
        all.add(soundOfLayers().with(Claim.Figure.MOS_OF_LAYERS));
        all.add(textOfLayers().with(Claim.Figure.WER_OF_LAYERS));
        all.add(accuracy());
        all.add(quality());
        all.add(saving());
        all.add(fixedExit());
        all.add(confidence().with(Claim.Figure.THRESHOLDS));
        all.add(unusedHeads());
        all.add(longerPeriods());
        all.add(exitLayers().with(Claim.Figure.EXIT_LAYERS));
        all.add(textSchedule());
        all.add(textConfidence());
        all.add(latency());
        return all;
    }

    private Claim soundOfLayers() {
        return new Claim(
                "1, 4.1",
                "the MOS is consistent across different [layers], even if the speech tokens … may not match the"
                        + " prediction from the last layer",
                "At each layer whose tokens agree with the last layer's at 90 % of the positions or fewer, the MOS is at"
                        + " most 0.1 lower.",
                different().stream()
                        .map(row -> Measure.mos(
                                "layer " + row.layer() + " - " + last(),
                                row.mosDifference(),
                                layers.of(Modality.SPEECH).getLast().mos(),
                                new AtMost(0.1)))
                        .toList());
    }

    private Claim textOfLayers() {
        List<Integer> numbers = different().stream().map(LayerTable.Row::layer).toList();
        return new Claim(
                "1",
                "the text tokens extracted from intermediate layers cannot form a coherent sentence",
                "At the layers of the claim above, the WER of the layer's text, relative to the reply's text, is greater"
                        + " than 20 %.",
                layers.of(Modality.TEXT).stream()
                        .filter(row -> numbers.contains(row.layer()))
                        .map(row -> new Finding(
                                "layer " + row.layer(),
                                "WER of the text, %",
                                Measure.average(row.wer(), 0, 100),
                                new MoreThan(20)))
                        .toList());
    }

    /** Returns the lower layers whose speech tokens differ from the last layer's. */
    private List<LayerTable.Row> different() {
        return layers.of(Modality.SPEECH).stream()
                .filter(row -> row.layer() < last() && row.means().agreement().value() <= DIFFERENT_TOKENS)
                .toList();
    }

    int last() {
        return model.languageModel().layers();
    }

    private Claim accuracy() {
        return ofSchedules(
                "no accuracy drop on Step-Audio-2 and a maximum average accuracy drop of 0.82% on GLM-4-Voice",
                "Each chosen schedule loses at most one point of accuracy.", (row, findings) -> {
                    findings.add(Measure.loss(row.policies(), row.all().difference(), new AtMost(1)));
                    findings.add(Measure.textLoss(row.policies(), row.all().difference()));
                });
    }

    private Claim quality() {
        return ofSchedules(
                "negligible changes in MOS and WER",
                "With each chosen schedule, MOS falls by at most 0.05 and WER rises by at most one point.",
                (row, findings) -> {
                    findings.add(mosLoss(row, new AtMost(0.05)));
                    findings.add(
                            Measure.wer(row.policies(), row.all().difference().wer(), new AtMost(1)));
                });
    }

    private Claim saving() {
        return ofSchedules(
                "reducing average speech decoding depth by up to 11% … and 5%",
                "The saved depth follows from the schedule and its layer, and is reported.",
                (row, findings) -> findings.add(new Finding(
                        row.policies(),
                        "saved depth, %",
                        Measure.average(row.all().depthSaved().times(100), 0, 100),
                        BESIDE)));
    }

    private interface Measuring {
        void add(PolicyResult row, List<Finding> findings);
    }

    private Claim ofSchedules(String paper, String rule, Measuring measuring) {
        List<Finding> findings = new ArrayList<>();
        for (String schedule : choice.schedules()) {
            PolicyResult row = rows.get(schedule);
            measuring.add(row, findings);
            findings.add(Measure.identical(row.policies(), row.all().difference()));
        }
        return new Claim("abstract, 5.3", paper, rule, findings);
    }

    private Claim fixedExit() {
        PolicyResult fixed = nearest(results("fixed"), depth(schedule()));
        PairedDifference difference = fixed.all().difference();
        List<Finding> findings = new ArrayList<>();
        findings.add(mosLoss(fixed, new MoreThan(0.1)));
        findings.add(Measure.wer(fixed.policies(), difference.wer(), new MoreThan(10)));
        findings.add(Measure.withoutEnd(fixed, new MoreThan(5)));
        findings.add(Measure.identical(fixed.policies(), difference));
        return new Claim(
                "5.3",
                "Fixed-Layer EE Causes Severe Speech Degradation … continues producing redundant speech tokens without"
                        + " properly terminating, resulting in high WER",
                "With the fixed exit nearest to the average depth of "
                        + schedule().policies()
                        + ", MOS falls by more than 0.1, WER rises by more than ten points, and more than 5 % of the"
                        + " replies do not end by themselves.",
                findings);
    }

    private Claim confidence() {
        List<Finding> findings = new ArrayList<>();
        for (PolicyResult row : results("conf")) {
            PolicyResult nearest = nearest(periodic(), depth(row));
            PairedDifference difference = row.minus(nearest);
            String of = row.policies() + " - " + nearest.policies();
            findings.add(Measure.loss(of, difference, new MoreThan(1)));
            findings.add(Measure.wer(of, difference.wer(), BESIDE));
            findings.add(Measure.mos(of, difference.mos(), nearest.all().mos(), BESIDE));
        }
        return new Claim(
                "5.3",
                "leads to a significant performance (quality) drop for Step-Audio-2 (row S3). For GLM-4-Voice … can work"
                        + " under carefully tuned entropy thresholds",
                "Each confidence rule loses more than one point against the schedule of the nearest average depth.",
                findings);
    }

    /** Returns the rows of even, odd and triple. */
    private List<PolicyResult> periodic() {
        List<PolicyResult> all = new ArrayList<>();
        for (String kind : List.of("even", "odd", "triple")) all.addAll(results(kind));
        return all;
    }

    private Claim unusedHeads() {
        double head = head();
        List<Finding> findings = new ArrayList<>();
        for (PolicyResult row : results("conf")) {
            double exit = row.policy().plan().speech().exitLayers().getFirst();
            Mean depth = row.all().speechExit();
            Mean unused = unused(row);
            findings.add(new Finding(
                    row.policies(),
                    "evaluated and unused heads, %",
                    Measure.average(unused.times(100), 0, 100),
                    BESIDE));
            double slope = 1 + head / (last() - exit);
            findings.add(new Finding(
                    row.policies(),
                    "layers with evaluated heads",
                    Measure.average(
                            depth.times(slope).plus(head * (1 - exit / (last() - exit))),
                            exit + head,
                            last() + 2 * head),
                    BESIDE));
        }
        return new Claim(
                "5.3",
                "if the token prediction from the intermediate layer isn't used due to insufficient confidence, the"
                        + " computation … is a waste",
                "The cost is reported in layers. A head reads as many bytes as %.2f layers; without exits, a position costs %.2f layers."
                        .formatted(head, last() + head),
                findings);
    }

    /** Returns the bytes of the last layer's head relative to a layer's. */
    private double head() {
        Transformer transformer = model.languageModel().transformer();
        return (double) transformer.output().bytes() / transformer.layerBytes(1);
    }

    /**
     * Returns the fraction of positions whose confidence rule evaluates the head of the exit layer without using it.
     * Every position evaluates this head; positions that do not exit also evaluate the last.
     */
    private Mean unused(PolicyResult row) {
        double exit = row.policy().plan().speech().exitLayers().getFirst();
        return row.all().speechExit().plus(-exit).times(1 / (last() - exit));
    }

    /** Returns the layers read for a speech position, with the confidence rule's unused heads. */
    double cost(PolicyResult row) {
        double layers = row.all().depth().speechLayersRead();
        boolean confidence = row.policy().plan().speech() instanceof ExitPolicy.Confidence;
        return confidence ? layers + head() * unused(row).value() : layers;
    }

    private Claim longerPeriods() {
        List<Finding> findings = new ArrayList<>();
        for (EqualDepth pair : equalDepths("triple", "even")) {
            String of = pair.row().policies() + " - " + pair.other().policies();
            PairedDifference difference = pair.difference();
            findings.add(Measure.mos(of, difference.mos(), pair.other().all().mos(), new AtMost(0.05)));
            findings.add(Measure.wer(of, difference.wer(), new AtMost(1)));
            findings.add(Measure.identical(of, difference));
        }
        return new Claim(
                "5.3",
                "Step-Audio-2 can tolerate larger K … on GLM-4-Voice, [triple] yields slightly worse speech quality than"
                        + " [even] (lower MOS) … different scheduler does not yield a significant performance difference",
                "At equal average depth, triple's MOS is at most 0.05 lower than even's, and its WER at most one point"
                        + " higher.",
                findings);
    }

    private Claim exitLayers() {
        List<PolicyResult> even = results("even").stream()
                .sorted(Comparator.comparingDouble(Claims::depth).reversed())
                .toList();
        Mean whole = even.getLast().minus(even.getFirst()).wer();
        List<Finding> findings = new ArrayList<>();
        for (int i = 1; i < even.size() && even.size() > 2; i++) {
            String of = even.get(i).policies() + " - " + even.get(i - 1).policies();
            Mean step = even.get(i).minus(even.get(i - 1)).wer();
            findings.add(new Finding(
                    of, "WER rise above half of the whole rise, points", Measure.above(step, whole), new AtMost(0)));
        }
        return new Claim(
                "5.4",
                "as [the exit layer] decreases, we observe a gradual increase in ASR-WER, rather than an abrupt collapse",
                "From one exit layer of even to the next, WER rises by at most half of the rise from the deepest to the"
                        + " lowest.",
                findings);
    }

    private Claim textSchedule() {
        PolicyResult text = rows.get("text=even:" + choice.even());
        return new Claim(
                "5.4",
                "as shown in row G9, we find a severe drop in transcription performance",
                "Even exits of text lose more than one point.",
                List.of(
                        Measure.loss(text.policies(), text.all().difference(), new MoreThan(1)),
                        Measure.textLoss(text.policies(), text.all().difference()),
                        Measure.identical(text.policies(), text.all().difference())));
    }

    private Claim textConfidence() {
        PolicyResult sure = rows.get(cases.text().getLast().policies());
        PolicyResult even = rows.get("text=even:" + choice.even());
        return new Claim(
                "5.4",
                "With carefully chosen confidence thresholds, the average performance drop is reduced to 7.18%, while"
                        + " the speech quality remains",
                "Even exits of text lose at least one point more than the confidence rule, whose MOS falls by at most"
                        + " 0.05.",
                List.of(
                        Measure.loss(even.policies() + " - " + sure.policies(), even.minus(sure), new MoreThan(1)),
                        mosLoss(sure, new AtMost(0.05)),
                        Measure.loss(sure.policies(), sure.all().difference(), BESIDE),
                        Measure.identical(sure.policies(), sure.all().difference())));
    }

    private static Claim latency() {
        return new Claim(
                "4.2.3",
                "without sacrificing decoding latency",
                "This is a time, which bench decode measures, and it is not judged here. With random weights of"
                        + " Step-Audio-2's size, a full step that completes one early position takes 1.02 to 1.06 times as"
                        + " long as a full step that completes none, and 1.06 to 1.22 times with two early positions"
                        + " (docs/performance.md).",
                List.of(new Finding("full step", "relative time", null, BESIDE)));
    }

    private Finding mosLoss(PolicyResult row, Bound bound) {
        return Measure.mos(
                row.policies(),
                row.all().difference().mos(),
                rows.get("none").all().mos(),
                bound);
    }

    /** Returns pairs of a policy and the nearest one of another kind, where their average depths are equal. */
    List<EqualDepth> equalDepths(String kind, String otherKind) {
        List<EqualDepth> pairs = new ArrayList<>();
        for (PolicyResult row : results(kind)) {
            PolicyResult other = nearest(results(otherKind), depth(row));
            if (Math.abs(depth(other) - depth(row)) <= EQUAL_DEPTH) pairs.add(new EqualDepth(row, other));
        }
        return pairs;
    }

    private PolicyResult schedule() {
        return rows.get("even:" + choice.even());
    }

    /** Returns the chosen even schedule. */
    ExitPolicy schedulePlan() {
        return (ExitPolicy) schedule().policy().plan().speech();
    }

    /**
     * Returns the policies whose replies the page draws and plays: none, even, the fixed exit of the same depth,
     * verified, and even at the lowest layer, where most replies differ.
     */
    List<String> stripPolicies() {
        return Stream.of(
                        "none",
                        schedule().policies(),
                        nearest(results("fixed"), depth(schedule())).policies(),
                        cases.verified().policies(),
                        nearest(results("even"), 0).policies())
                .distinct()
                .toList();
    }

    /** Returns the results of the confidence rule with all thresholds, followed by those of even schedules. */
    List<PolicyResult> confidenceAndEven() {
        List<PolicyResult> both = new ArrayList<>(results(cases.thresholds()));
        both.addAll(results("even"));
        return both;
    }

    /** Returns the results of a kind of speech exit, with text at full depth and without verification. */
    List<PolicyResult> results(String kind) {
        return rows.values().stream()
                .filter(row ->
                        row.policies().startsWith(kind + ":") && !row.policies().contains("+"))
                .toList();
    }

    List<PolicyResult> results(List<sparrow.study.run.PolicyCase> some) {
        return some.stream().map(one -> rows.get(one.policies())).toList();
    }

    /** Returns the one sentence that the page begins with. */
    String headline() {
        PolicyResult verified = rows.get(cases.verified().policies());
        PolicyResult schedule = schedule();
        return "The refresh of %s is a verifier: %s reads %.2f layers for a speech position against %.2f, and %d of %d replies are those of full depth, token for token."
                .formatted(
                        schedule.policies(),
                        verified.policies(),
                        verified.all().depth().speechLayersRead(),
                        schedule.all().depth().speechLayersRead(),
                        verified.all().difference().same(),
                        verified.all().difference().questions());
    }

    /** Returns how many claims have a verdict. */
    Map<Verdict, Long> counts() {
        return all().stream()
                .collect(java.util.stream.Collectors.groupingBy(
                        Claim::verdict, java.util.TreeMap::new, java.util.stream.Collectors.counting()));
    }

    private static double depth(PolicyResult row) {
        return row.all().depth().averageSpeechExit();
    }

    private static PolicyResult nearest(List<PolicyResult> rows, double depth) {
        return rows.stream()
                .min(Comparator.comparingDouble(row -> Math.abs(depth(row) - depth)))
                .orElseThrow();
    }
}
