package sparrow.bench.voice;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.exit.ExitPlan;

/**
 * The settings of {@link VoiceBenchmark}.
 *
 * @param plans exit plans, the first of which is {@code none}
 * @param questions lengths of the questions in seconds
 * @param speech length of each answer in seconds
 */
record VoiceSettings(List<ExitPlan> plans, List<Double> questions, double speech) {
    VoiceSettings {
        SequencedSet<ExitPlan> distinct = new LinkedHashSet<>(plans);
        distinct.addFirst(ExitPlan.NONE);
        plans = List.copyOf(distinct);
        questions = List.copyOf(questions);
        if (questions.isEmpty()) throw new IllegalArgumentException("--questions: expected one or more, got none");
        for (double seconds : questions) between("--questions", seconds, 0.5, 600);
        between("--speech", speech, 0.5, 600);
    }

    private static void between(String option, double seconds, double min, double max) {
        if (!(seconds >= min && seconds <= max)) {
            throw new IllegalArgumentException(
                    option + ": expected " + min + " to " + max + " seconds, got " + seconds);
        }
    }

    /**
     * Checks that the settings fit a model.
     *
     * @throws IllegalArgumentException if the model lacks the head of a policy
     */
    void check(LanguageModel model) {
        plans.forEach(model::check);
    }
}
