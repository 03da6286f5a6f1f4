package sparrow.bench.sessions;

import java.util.LinkedHashSet;
import java.util.List;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.ExitPlan;

/**
 * What to measure.
 *
 * @param sessions how many replies are decoded together, each count by itself
 * @param policies exit policies of speech positions
 * @param rounds how often each of these runs
 * @param promptTokens tokens of every prompt
 * @param passes passes that are timed in each run
 * @param warmUpSeconds at most so long is the JIT waited for; 0 for no warm-up
 */
public record SessionSettings(
        List<Integer> sessions,
        List<DepthPolicy> policies,
        int rounds,
        int promptTokens,
        int passes,
        double warmUpSeconds) {
    /** What a person would not mean. */
    private static final int MOST_SESSIONS = 256;

    public SessionSettings {
        sessions = List.copyOf(new LinkedHashSet<>(sessions));
        policies = List.copyOf(new LinkedHashSet<>(policies));
        for (int count : sessions) {
            if (count < 1 || count > MOST_SESSIONS) {
                throw new IllegalArgumentException("--replies: expected 1 to " + MOST_SESSIONS + ", got " + count);
            }
        }
        if (rounds < 1) throw new IllegalArgumentException("--rounds: expected 1 or more, got " + rounds);
        if (promptTokens < 1) throw new IllegalArgumentException("--prompt: expected 1 or more, got " + promptTokens);
        if (passes < 1) throw new IllegalArgumentException("--tokens: expected 1 or more, got " + passes);
        if (!(warmUpSeconds >= 0) || Double.isInfinite(warmUpSeconds)) {
            throw new IllegalArgumentException("--warm-up: expected 0 or more seconds, got " + warmUpSeconds);
        }
    }

    /** Runs of all rounds. */
    public int runs() {
        return rounds * sessions.size() * policies.size();
    }

    /** @throws IllegalArgumentException in one line if the settings do not fit the model */
    void check(LanguageModel model) {
        for (DepthPolicy policy : policies) {
            model.check(ExitPlan.speech(policy));
        }
        int context = model.transformer().config().contextLength();
        if (promptTokens + tokens(model) >= context) {
            throw new IllegalArgumentException("--prompt " + promptTokens + " and --tokens " + passes
                    + ": expected at most " + (context - 1 - cycle(model)) + " together, the context of this model"
                    + " less one cycle of text and speech");
        }
    }

    /** Tokens of a reply: those before all have joined, and those that are timed. */
    int tokens(LanguageModel model) {
        return cycle(model) + passes;
    }

    /** Tokens of a run of text and of the speech behind it. */
    static int cycle(LanguageModel model) {
        return model.interleave().textTokens() + model.interleave().speechTokens();
    }
}
