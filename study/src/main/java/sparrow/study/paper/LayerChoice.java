package sparrow.study.paper;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sparrow.engine.interleave.Modality;
import sparrow.models.SpokenModel;
import sparrow.study.compare.PaperPolicies;
import sparrow.study.compare.PolicyResult;
import sparrow.study.run.PolicyCase;
import sparrow.study.scoring.ScoringPlan;
import sparrow.study.tune.Budget;
import sparrow.study.tune.Budget.Bound;
import sparrow.study.tune.Measured;
import sparrow.study.tune.Sweep;

/**
 * The exit layers of schedules and the threshold for text. As in the paper, they are chosen on questions that no table
 * uses, to save the most depth within a quality budget.
 *
 * @param layers layers by schedule name
 * @param textNats entropy threshold of text exits
 * @param front schedule with the early exits first, or empty if the model's chunks are too short
 */
record LayerChoice(SequencedMap<String, Integer> layers, double textNats, Optional<FrontLoaded> front) {
    private static final List<String> SCHEDULES = List.of("even", "odd", "triple");

    /** Returns a model's published layers, and the threshold of its published confidence rule. */
    static LayerChoice published(SpokenModel model) {
        SequencedMap<String, Integer> layers = new LinkedHashMap<>();
        double nats = 0;
        for (PolicyCase row : PaperPolicies.of(model)) {
            String kind = PaperCases.kind(row);
            // The deepest layer of several published rows has the least effect on quality. The paper's table has one
            // row per schedule.
            if (SCHEDULES.contains(kind))
                layers.merge(kind, row.plan().speech().exitLayers().getFirst(), Math::max);
            if (kind.equals("conf")) nats = Double.parseDouble(row.policies().replaceFirst(".*:", ""));
        }
        return new LayerChoice(layers, nats, FrontLoaded.unchosen(model));
    }

    /** Returns the layers after which speech can exit. */
    static SortedSet<Integer> layers(SpokenModel model) {
        return new TreeSet<>(model.languageModel().units().exitLayers(Modality.SPEECH));
    }

    /** Returns the schedules at each layer with a head, and the front-loaded ones at one layer. */
    static List<PolicyCase> candidates(SpokenModel model) {
        Stream<PolicyCase> schedules = SCHEDULES.stream()
                .flatMap(schedule -> layers(model).stream().map(layer -> PolicyCase.parse(schedule + ":" + layer)));
        return Stream.concat(schedules, FrontLoaded.cases(model).stream()).toList();
    }

    /** Returns text exits after the layer chosen for {@code even}. */
    List<PolicyCase> textCandidates() {
        return PaperCases.NATS.stream()
                .map(nats -> PolicyCase.parse("text=conf:" + even() + ":" + nats))
                .toList();
    }

    /**
     * Returns a budget of two points in word errors and accuracy and 0.05 in MOS, relative to full depth, for the
     * scores that are measured.
     */
    static Budget budget(ScoringPlan plan) {
        List<Bound> bounds = new ArrayList<>();
        plan.recogniser().ifPresent(_ -> bounds.add(Bound.parse("wer=+2.0")));
        plan.rater().ifPresent(_ -> bounds.add(Bound.parse("accuracy=-2.0")));
        plan.opinionScorer().ifPresent(_ -> bounds.add(Bound.parse("mos=-0.05")));
        return new Budget.Within(bounds);
    }

    /**
     * Returns a choice with the lowest layer of each schedule that meets the budget, or the schedule's deepest layer if
     * no layer meets the budget.
     */
    LayerChoice withLayers(Sweep sweep, Budget budget) {
        SequencedMap<String, Integer> chosen = new LinkedHashMap<>();
        for (String schedule : SCHEDULES) {
            chosen.put(
                    schedule,
                    layers(sweep.within(budget), schedule)
                            .min(Integer::compare)
                            .orElseGet(() -> layers(sweep.policies(), schedule)
                                    .max(Integer::compare)
                                    .orElseThrow()));
        }
        return new LayerChoice(chosen, textNats, front);
    }

    /** Returns a choice with the best front-loaded schedule. */
    LayerChoice withFront(SpokenModel model, List<PolicyResult> rows) {
        return new LayerChoice(layers, textNats, FrontLoaded.choose(model, rows));
    }

    private static Stream<Integer> layers(List<Measured> policies, String schedule) {
        return policies.stream()
                .filter(policy -> policy.plan().speech().toString().startsWith(schedule + ":"))
                .map(policy -> policy.plan().speech().exitLayers().getFirst());
    }

    /**
     * Returns a choice with the text threshold that saves the most depth within the budget, or the smallest threshold
     * if no threshold meets the budget.
     */
    LayerChoice withText(Sweep sweep, Budget budget) {
        double nats = sweep.choose(budget)
                .map(chosen ->
                        Double.parseDouble(chosen.plan().text().toString().replaceFirst(".*:", "")))
                .orElse(PaperCases.NATS.getFirst());
        return new LayerChoice(layers, nats, front);
    }

    int even() {
        return layers.get("even");
    }

    /** Returns the chosen schedules in the notation of exit plans. */
    List<String> schedules() {
        return layers.entrySet().stream()
                .map(choice -> choice.getKey() + ":" + choice.getValue())
                .toList();
    }

    @Override
    public String toString() {
        return schedules().stream().collect(Collectors.joining(", ")) + "; text=conf:" + even() + ":" + textNats
                + front.map(one -> "; " + one).orElse("");
    }
}
