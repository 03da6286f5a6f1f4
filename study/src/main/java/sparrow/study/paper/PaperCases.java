package sparrow.study.paper;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedSet;
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
 * @param schedules sections 5.3 and 5.4: fixed exits and {@code even} at each layer with a head, {@code triple} and
 *     FEEE at the table's layers
 * @param restarts section 5.3: FEE restarted after fewer positions than the chunk length, ascending; the last case
 *     restarts at chunks
 * @param thresholds section 5.4: the confidence rule with ascending thresholds
 * @param text Appendix B: text exits, alone and combined with the chosen schedule
 */
record PaperCases(
        List<PolicyCase> table,
        List<PolicyCase> schedules,
        List<PolicyCase> restarts,
        List<PolicyCase> thresholds,
        List<PolicyCase> text) {
    /** Entropy thresholds of the confidence rule. */
    static final List<Double> NATS = List.of(0.1, 0.5, 1.0, 2.0);

    /** Number of layers for which a schedule of text exits is measured: the chosen layer and the next lower layer. */
    private static final int TEXT_LAYERS = 2;

    /**
     * Numbers of positions after which FEE is restarted. Like the chunk length of 26, they are not multiples of three.
     */
    private static final List<Integer> RESTARTS = List.of(7, 13);

    /** Schedules measured at the layers that the table contains for {@code triple}. */
    private static final List<String> LONG = List.of("triple", "FEEE");

    static PaperCases of(SpokenModel model, LayerChoice choice) {
        SequencedMap<String, PolicyCase> known = new LinkedHashMap<>();
        for (PolicyCase row : PaperPolicies.of(model)) known.put(row.policies(), row);
        List<PolicyCase> table = new ArrayList<>(known.values());
        choice.schedules().forEach(plan -> {
            if (!known.containsKey(plan)) table.add(PolicyCase.parse(plan));
        });
        SortedSet<Integer> layers = LayerChoice.layers(model);
        List<Integer> ofTriple = known.values().stream()
                .filter(row -> kind(row).equals("triple"))
                .map(row -> row.plan().speech().exitLayers().getFirst())
                .toList();
        List<String> schedules = Stream.of("fixed", "even", "triple", "FEEE")
                .flatMap(pattern ->
                        (LONG.contains(pattern) ? ofTriple : layers).stream().map(layer -> pattern + ":" + layer))
                .toList();
        int restarted = layerOf(table, "triple:");
        Stream<String> restarts = Stream.concat(
                RESTARTS.stream().map(length -> "FEE".repeat(5).substring(0, length) + ":" + restarted),
                Stream.of("triple:" + restarted));
        int sure = layerOf(table, "conf:");
        int even = choice.even();
        Stream<String> text = Stream.of(
                        layers.headSet(even + 1).reversed().stream()
                                .limit(TEXT_LAYERS)
                                .map(layer -> "text=even:" + layer),
                        NATS.stream().map(nats -> "text=conf:" + even + ":" + nats),
                        Stream.of("text=conf:" + even + ":" + choice.textNats() + ",speech=even:" + even))
                .flatMap(plans -> plans);
        return new PaperCases(
                table,
                cases(known, schedules.stream()),
                cases(known, restarts),
                cases(known, NATS.stream().map(nats -> "conf:" + sure + ":" + nats)),
                cases(known, text));
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
        Stream.of(table, schedules, restarts, thresholds, text)
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
