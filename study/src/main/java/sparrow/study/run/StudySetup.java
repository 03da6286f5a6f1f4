package sparrow.study.run;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import sparrow.models.SpokenModel;
import sparrow.study.folder.MixedNumerics;
import sparrow.study.speak.TextToSpeech;

/**
 * A model, and the questions that it answers in a study.
 *
 * @param sets question sets with unique names
 * @param textToSpeech synthesiser for questions without a recording
 * @param decoding decoding of the replies
 * @param batch number of questions whose replies are decoded together, which affects only the time, unless the last bit
 *     of a product decides a token
 * @param mixedNumerics rule for resuming a run that used other numerics
 */
public record StudySetup(
        SpokenModel model,
        List<QuestionSet> sets,
        TextToSpeech textToSpeech,
        Decoding decoding,
        int batch,
        MixedNumerics mixedNumerics) {
    public StudySetup {
        sets = List.copyOf(sets);
        if (sets.isEmpty()) throw new IllegalArgumentException("data: expected one or more sets, got none");
        if (batch < 1) throw new IllegalArgumentException("batch: expected 1 or more, got " + batch);
        Set<String> names = new HashSet<>();
        for (QuestionSet set : sets) {
            if (!names.add(set.name())) {
                throw new IllegalArgumentException("data: expected each once, got " + set.name() + " twice");
            }
        }
    }

    /** Returns all questions, set by set. */
    public List<StudyQuestion> questions() {
        return StudyQuestion.of(sets);
    }

    /**
     * Returns the settings that a run stores.
     *
     * @throws IOException if the file of exit heads cannot be read
     */
    public StudySettings settings() throws IOException {
        return new StudySettings(
                ModelSettings.of(model),
                sets.stream()
                        .map(set -> new StudySettings.Questions(
                                set.name(), set.items().size(), set.digest()))
                        .toList(),
                decoding.sampling(),
                decoding.limits(),
                batch,
                ModelSettings.flow(model),
                model.numerics());
    }
}
