package sparrow.app.draftbench;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.SpeechLogits;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;

/**
 * What to measure.
 *
 * @param policies of speech positions, which draft a number of tokens that is known
 * @param acceptance of their drafts
 * @param speechLogits which logits are computed at speech positions of full depth
 * @param rounds how often each policy and full depth run
 * @param promptTokens tokens to prefill before each run
 * @param tokens to decode in each run, at speech positions
 * @param warmUpSeconds at most so long is the JIT waited for; 0 for no warm-up
 */
public record DraftSettings(
        List<ExitPolicy> policies,
        Acceptance acceptance,
        SpeechLogits speechLogits,
        int rounds,
        int promptTokens,
        int tokens,
        double warmUpSeconds) {
    public DraftSettings {
        policies = List.copyOf(new LinkedHashSet<>(policies));
        for (ExitPolicy policy : policies) drafts(policy);
        if (policies.isEmpty()) throw new IllegalArgumentException("--policies: expected one or more, got none");
        positive("--rounds", rounds);
        positive("--prompt", promptTokens);
        positive("--tokens", tokens);
        if (!(warmUpSeconds >= 0) || Double.isInfinite(warmUpSeconds)) {
            throw new IllegalArgumentException("--warm-up: expected 0 or more seconds, got " + warmUpSeconds);
        }
    }

    private static void positive(String option, int value) {
        if (value < 1) throw new IllegalArgumentException(option + ": expected 1 or more, got " + value);
    }

    /** Drafts that a policy makes in a row. */
    static int drafts(ExitPolicy policy) {
        if (policy instanceof ExitPolicy.Draft draft && Double.isInfinite(draft.nats())) return draft.most();
        if (policy instanceof ExitPolicy.Ahead ahead) return ahead.most();
        throw new IllegalArgumentException(
                "--accept: expected policies that draft, such as draft:14:3, without a bound of entropy, got "
                        + policy);
    }

    /** Runs of all rounds. */
    public int runs() {
        return rounds * (policies.size() + 1);
    }

    /** Rows of the passes that confirm drafts. */
    SortedSet<Integer> rows() {
        SortedSet<Integer> rows = new TreeSet<>();
        for (ExitPolicy policy : policies) rows.add(drafts(policy) + 1);
        return rows;
    }

    /** Where passes are timed: in the middle of a run. */
    int meanLength() {
        return promptTokens + tokens / 2;
    }

    /** @throws IllegalArgumentException in one line if the settings do not fit the model */
    void check(LanguageModel model) {
        for (ExitPolicy policy : policies) {
            ExitPlan.speech(policy).check(model.layers(), model.heads());
        }
        int context = model.transformer().config().contextLength();
        // The prefill decides one token more, and the last row of drafts is taken back.
        if ((long) promptTokens + tokens + 1 + rows().last() > context) {
            throw new IllegalArgumentException("--prompt " + promptTokens + " and --tokens " + tokens
                    + ": expected at most " + (context - 1 - rows().last()) + " together, the context of this model"
                    + " less a row of drafts");
        }
    }
}
