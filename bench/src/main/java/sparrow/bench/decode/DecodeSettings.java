package sparrow.bench.decode;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.SortedSet;
import java.util.TreeSet;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;

/**
 * The settings of the benchmark.
 *
 * @param plans exits, of which those of speech matter, in the order in which they alternate; {@code none}, what the others are
 *     compared with, comes first
 * @param promptTokens tokens to prefill before each run
 * @param tokens tokens to decode in each run
 */
record DecodeSettings(List<ExitPlan> plans, int promptTokens, int tokens) {
    DecodeSettings {
        SequencedSet<ExitPlan> distinct = new LinkedHashSet<>(plans);
        distinct.addFirst(ExitPlan.NONE);
        plans = List.copyOf(distinct);
        positive("--set prompt", promptTokens);
        positive("--tokens", tokens);
    }

    private static void positive(String option, int value) {
        if (value < 1) throw new IllegalArgumentException(option + ": expected 1 or more, got " + value);
    }

    /** The layers after which some policy leaves, ascending. */
    SortedSet<Integer> exitLayers() {
        SortedSet<Integer> layers = new TreeSet<>();
        plans.forEach(plan -> layers.addAll(plan.speech().exitLayers()));
        return layers;
    }

    /** A schedule after a layer, with all else as in the first plan that leaves there. */
    ExitPlan schedule(String pattern, int layer) {
        ExitPlan first = plans.stream()
                .filter(plan -> plan.speech().exitLayers().contains(layer))
                .findFirst()
                .orElseThrow();
        return new ExitPlan(new ExitPolicy.None(), new ExitPolicy.Periodic(pattern, layer), first.skippedKv())
                .with(first.speechLogits());
    }

    /**
     * Holds the settings against a model.
     *
     * @throws IllegalArgumentException in one line if a policy leaves where the model has no head, or if the tokens do not fit its
     *     context
     */
    void check(LanguageModel model) {
        for (ExitPlan plan : plans) model.check(plan);
        int context = model.transformer().config().contextLength();
        // The prefill decides one token more.
        if ((long) promptTokens + tokens + 1 > context) {
            throw new IllegalArgumentException("--set prompt=" + promptTokens + " and --tokens " + tokens
                    + ": expected at most " + (context - 1) + " together, the context of this model");
        }
    }
}
