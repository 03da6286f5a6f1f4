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
 * The settings of {@link DecodeBenchmark}.
 *
 * @param plans exit plans in the order in which they alternate; the first is {@code none}, the baseline. Only their
 *     speech exits are used.
 * @param promptTokens number of tokens to prefill before each run
 * @param tokens number of tokens to decode in each run
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

    /** Returns the exit layers of all policies in ascending order. */
    SortedSet<Integer> exitLayers() {
        SortedSet<Integer> layers = new TreeSet<>();
        plans.forEach(plan -> layers.addAll(plan.speech().exitLayers()));
        return layers;
    }

    /**
     * Returns an exit plan that repeats a pattern with an exit layer. Its other properties are copied from the first
     * plan with this exit layer.
     */
    ExitPlan schedule(String pattern, int layer) {
        ExitPlan first = plans.stream()
                .filter(plan -> plan.speech().exitLayers().contains(layer))
                .findFirst()
                .orElseThrow();
        return new ExitPlan(new ExitPolicy.None(), new ExitPolicy.Periodic(pattern, layer), first.skippedKv())
                .with(first.speechLogits());
    }

    /**
     * Checks that the settings fit a model.
     *
     * @throws IllegalArgumentException if the model lacks the head of a policy, or the tokens do not fit in its context
     */
    void check(LanguageModel model) {
        for (ExitPlan plan : plans) model.check(plan);
        int context = model.transformer().config().contextLength();
        // The prefill decides one additional token.
        if ((long) promptTokens + tokens + 1 > context) {
            throw new IllegalArgumentException("--set prompt=" + promptTokens + " and --tokens " + tokens
                    + ": expected at most " + (context - 1) + " together, the context of this model");
        }
    }
}
