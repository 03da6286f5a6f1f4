package sparrow.study.paper;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sparrow.engine.interleave.Modality;
import sparrow.models.SpokenModel;
import sparrow.study.compare.PaperPolicies;
import sparrow.study.run.PolicyCase;
import sparrow.study.scoring.ScoringPlan;
import sparrow.study.tune.Budget;
import sparrow.study.tune.Budget.Bound;
import sparrow.study.tune.Measured;
import sparrow.study.tune.Sweep;

/**
 * The exit layers of the schedules and the threshold of text, as the paper chooses them: on questions that no table uses, the choice that
 * saves the most within a budget of quality.
 *
 * @param layers by the name of the schedule
 * @param textNats entropy threshold of text exits
 */
record LayerChoice(SequencedMap<String, Integer> layers, double textNats) {
    private static final List<String> SCHEDULES = List.of("even", "odd", "triple");

    /** The published layers of a model, and the threshold of its confidence rule. */
    static LayerChoice published(SpokenModel model) {
        SequencedMap<String, Integer> layers = new LinkedHashMap<>();
        double nats = 0;
        for (PolicyCase row : PaperPolicies.of(model)) {
            String kind = PaperCases.kind(row);
            // Of several rows the deepest one is the milder choice; the paper has one row in its table.
            if (SCHEDULES.contains(kind))
                layers.merge(kind, row.plan().speech().exitLayers().getFirst(), Math::max);
            if (kind.equals("conf")) nats = Double.parseDouble(row.policies().replaceFirst(".*:", ""));
        }
        return new LayerChoice(layers, nats);
    }

    /** The layers after which speech can exit. */
    static SortedSet<Integer> layers(SpokenModel model) {
        return new TreeSet<>(model.languageModel().units().exitLayers(Modality.SPEECH));
    }

    /** The schedules after every layer with a head. */
    static List<PolicyCase> candidates(SpokenModel model) {
        return SCHEDULES.stream()
                .flatMap(schedule -> layers(model).stream().map(layer -> PolicyCase.parse(schedule + ":" + layer)))
                .toList();
    }

    /** Text exits after the chosen layer of {@code even}. */
    List<PolicyCase> textCandidates() {
        return PaperCases.NATS.stream()
                .map(nats -> PolicyCase.parse("text=conf:" + even() + ":" + nats))
                .toList();
    }

    /** Within two points of full depth in word errors and accuracy and 0.05 in MOS, as far as they are measured. */
    static Budget budget(ScoringPlan plan) {
        List<Bound> bounds = new ArrayList<>();
        plan.recogniser().ifPresent(_ -> bounds.add(Bound.parse("wer=+2.0")));
        plan.rater().ifPresent(_ -> bounds.add(Bound.parse("accuracy=-2.0")));
        plan.opinionScorer().ifPresent(_ -> bounds.add(Bound.parse("mos=-0.05")));
        return new Budget.Within(bounds);
    }

    /** For each schedule the lowest layer that keeps the budget; the deepest layer where none does. */
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
        return new LayerChoice(chosen, textNats);
    }

    private static Stream<Integer> layers(List<Measured> policies, String schedule) {
        return policies.stream()
                .filter(policy -> policy.plan().speech().toString().startsWith(schedule + ":"))
                .map(policy -> policy.plan().speech().exitLayers().getFirst());
    }

    /** The threshold of text that saves the most within the budget; the smallest threshold where none does. */
    LayerChoice withText(Sweep sweep, Budget budget) {
        double nats = sweep.choose(budget)
                .map(chosen ->
                        Double.parseDouble(chosen.plan().text().toString().replaceFirst(".*:", "")))
                .orElse(PaperCases.NATS.getFirst());
        return new LayerChoice(layers, nats);
    }

    int even() {
        return layers.get("even");
    }

    /** The chosen schedules in the notation of exit plans. */
    List<String> schedules() {
        return layers.entrySet().stream()
                .map(choice -> choice.getKey() + ":" + choice.getValue())
                .toList();
    }

    @Override
    public String toString() {
        return schedules().stream().collect(Collectors.joining(", ")) + "; text=conf:" + even() + ":" + textNats;
    }
}
