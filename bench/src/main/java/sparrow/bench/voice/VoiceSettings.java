package sparrow.bench.voice;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
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
 * @param policies exit policies of speech positions; {@code none} comes first
 * @param speechLogits which logits are computed at speech positions of full depth
 * @param skippedKv keys and values of the layers above an early exit
 * @param verification of early tokens at full depth; empty for what each policy needs
 * @param questions lengths of the questions, seconds
 * @param speech length of every answer, seconds
 */
record VoiceSettings(
        List<DepthPolicy> policies,
        SpeechLogits speechLogits,
        SkippedKv skippedKv,
        Optional<Verification> verification,
        List<Double> questions,
        double speech) {
    VoiceSettings {
        SequencedSet<DepthPolicy> distinct = new LinkedHashSet<>(policies);
        distinct.addFirst(new ExitPolicy.None());
        policies = List.copyOf(distinct);
        questions = List.copyOf(questions);
        if (questions.isEmpty()) throw new IllegalArgumentException("--questions: expected one or more, got none");
        for (double seconds : questions) between("--questions", seconds, 0.5, 600);
        between("--speech", speech, 0.5, 600);
    }

    private static void between(String option, double seconds, double least, double most) {
        if (!(seconds >= least && seconds <= most)) {
            throw new IllegalArgumentException(
                    option + ": expected " + least + " to " + most + " seconds, got " + seconds);
        }
    }

    ExitPlan plan(DepthPolicy policy) {
        DepthPolicy text = new ExitPolicy.None();
        if (verification.isEmpty() || policy instanceof ExitPolicy.None) return new ExitPlan(text, policy, skippedKv);
        return new ExitPlan(text, policy, skippedKv, verification.get());
    }

    /**
     * Holds the settings against a model.
     *
     * @throws IllegalArgumentException in one line if a policy leaves where the model has no head
     */
    void check(LanguageModel model) {
        for (DepthPolicy policy : policies) {
            model.check(plan(policy));
        }
    }
}
