package sparrow.bench.decode;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.exit.SkippedKv;
import sparrow.engine.exit.Verification;
import sparrow.engine.unit.SpeechLogits;

/**
 * The settings of the benchmark.
 *
 * @param policies exit policies of speech positions, in the order in which they alternate; {@code none}, what the others
 *     are compared with, comes first
 * @param speechLogits which logits are computed at speech positions of full depth; every policy runs with each, and is
 *     compared with {@code none} and the first of them
 * @param skippedKv keys and values of the layers above an early exit
 * @param verifications of early tokens at full depth; every policy with exits runs with each. Empty for what each
 *     policy needs: exact for drafts, else none
 * @param promptTokens tokens to prefill before each run
 * @param tokens tokens to decode in each run
 */
record DecodeSettings(
        List<DepthPolicy> policies,
        List<SpeechLogits> speechLogits,
        SkippedKv skippedKv,
        List<Verification> verifications,
        int promptTokens,
        int tokens) {
    private static final DepthPolicy FULL_TEXT = new ExitPolicy.None();

    DecodeSettings {
        SequencedSet<DepthPolicy> distinct = new LinkedHashSet<>(policies);
        distinct.addFirst(new ExitPolicy.None());
        policies = List.copyOf(distinct);
        speechLogits = List.copyOf(new LinkedHashSet<>(speechLogits));
        verifications = List.copyOf(new LinkedHashSet<>(verifications));
        if (speechLogits.isEmpty())
            throw new IllegalArgumentException("--speech-logits: expected one or more, got none");
        positive("--prompt", promptTokens);
        positive("--tokens", tokens);
    }

    private static void positive(String option, int value) {
        if (value < 1) throw new IllegalArgumentException(option + ": expected 1 or more, got " + value);
    }

    /** Every policy with every choice of speech logits and verification, what the others are compared with first. */
    List<Variant> variants() {
        return speechLogits.stream()
                .flatMap(logits -> policies.stream().flatMap(policy -> variants(policy, logits)))
                .toList();
    }

    private Stream<Variant> variants(DepthPolicy policy, SpeechLogits logits) {
        // Where nothing leaves early there is nothing to verify.
        if (verifications.isEmpty() || policy instanceof ExitPolicy.None) return Stream.of(variant(policy, logits));
        return verifications.stream()
                .map(verification -> new Variant(new ExitPlan(FULL_TEXT, policy, skippedKv, verification), logits));
    }

    /** A policy of speech positions in what all runs have in common, with the verification that it needs. */
    Variant variant(DepthPolicy policy, SpeechLogits logits) {
        return new Variant(new ExitPlan(FULL_TEXT, policy, skippedKv), logits);
    }

    /** The layers after which some policy leaves, ascending. */
    List<Integer> exitLayers() {
        TreeSet<Integer> layers = new TreeSet<>();
        policies.forEach(policy -> layers.addAll(policy.exitLayers()));
        return new ArrayList<>(layers);
    }

    /**
     * Holds the settings against a model.
     *
     * @throws IllegalArgumentException in one line if a policy leaves where the model has no head or cannot go with a
     *     verification, or if the tokens do not fit its context
     */
    void check(LanguageModel model) {
        for (Variant variant : variants()) model.check(variant.plan());
        int context = model.transformer().config().contextLength();
        // The prefill decides one token more.
        if ((long) promptTokens + tokens + 1 > context) {
            throw new IllegalArgumentException("--prompt " + promptTokens + " and --tokens " + tokens
                    + ": expected at most " + (context - 1) + " together, the context of this model");
        }
    }
}
