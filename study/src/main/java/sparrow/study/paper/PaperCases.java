package sparrow.study.paper;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.ExitPolicy;
import sparrow.models.SpokenModel;
import sparrow.study.compare.PaperPolicies;
import sparrow.study.run.PolicyCase;

/**
 * The exit plans of the paper's experiments. A plan used by several experiments is one case.
 *
 * @param table Table 2, and the schedules at the chosen layers
 * @param schedules sections 5.3 and 5.4: fixed exits and {@code even} at the table's layers
 * @param thresholds section 5.3: the confidence rule with ascending thresholds
 * @param text section 5.4: text exits, alone and combined with the chosen schedule
 * @param front schedules with the early exits first in each chunk, which the paper does not contain
 * @param verified the chosen schedule with verified early tokens, which the paper does not contain
 */
record PaperCases(
        List<PolicyCase> table,
        List<PolicyCase> schedules,
        List<PolicyCase> thresholds,
        List<PolicyCase> text,
        List<PolicyCase> front,
        PolicyCase verified) {
    /** Entropy thresholds of the confidence rule. */
    static final List<Double> NATS = List.of(0.1, 0.5, 1.0, 2.0);

    static PaperCases of(SpokenModel model, LayerChoice choice) {
        SequencedMap<String, PolicyCase> known = new LinkedHashMap<>();
        for (PolicyCase row : PaperPolicies.of(model)) known.put(row.policies(), row);
        List<PolicyCase> table = new ArrayList<>(known.values());
        choice.schedules().forEach(plan -> {
            if (!known.containsKey(plan)) table.add(PolicyCase.parse(plan));
        });
        SortedSet<Integer> layers = new TreeSet<>();
        table.forEach(row -> layers.addAll(row.plan().speech().exitLayers()));
        Stream<String> schedules =
                Stream.of("fixed", "even").flatMap(kind -> layers.stream().map(layer -> kind + ":" + layer));
        int sure = layerOf(table, "conf:");
        int even = choice.even();
        Stream<String> text =
                Stream.of("text=even:" + even, "text=conf:" + even + ":" + choice.textNats() + ",speech=even:" + even);
        return new PaperCases(
                table,
                cases(known, schedules),
                cases(known, NATS.stream().map(nats -> "conf:" + sure + ":" + nats)),
                cases(known, text),
                cases(known, choice.front().stream().flatMap(front -> front.plans(model))),
                PolicyCase.parse("even:" + even + "+verify"));
    }

    /** Returns the lowest layer of a kind of policy in the table. */
    private static int layerOf(List<PolicyCase> table, String kind) {
        return table.stream()
                .filter(row -> row.policies().startsWith(kind))
                .map(row -> row.plan().speech().exitLayers().getFirst())
                .min(Integer::compare)
                .orElseThrow();
    }

    private static List<PolicyCase> cases(SequencedMap<String, PolicyCase> known, Stream<String> plans) {
        return plans.map(PolicyCase::parse)
                .map(plan -> known.getOrDefault(plan.policies(), plan))
                .toList();
    }

    List<PolicyCase> all() {
        SequencedMap<String, PolicyCase> all = new LinkedHashMap<>();
        Stream.of(table, schedules, thresholds, text, front, List.of(verified))
                .flatMap(List::stream)
                .forEach(one -> all.putIfAbsent(one.policies(), one));
        return List.copyOf(all.values());
    }

    /** Returns the kind of a case's speech policy: its notation without layer and threshold. */
    static String kind(PolicyCase one) {
        DepthPolicy speech = one.plan().speech();
        return speech instanceof ExitPolicy.None ? "none" : speech.toString().replaceFirst(":.*", "");
    }
}
