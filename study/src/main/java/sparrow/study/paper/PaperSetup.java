package sparrow.study.paper;

import java.util.List;
import java.util.Optional;
import sparrow.models.SpokenModel;
import sparrow.study.run.QuestionSet;
import sparrow.study.run.StudySetup;

/**
 * A model and the questions of the paper's experiments.
 *
 * @param study the model and the sets of the tables; the first set is that of the layer study
 * @param heldOut questions that no table uses, by which exit layers and thresholds are chosen; without them they are the
 *     published ones
 */
public record PaperSetup(StudySetup study, Optional<QuestionSet> heldOut) {
    SpokenModel model() {
        return study.model();
    }

    int layers() {
        return model().languageModel().layers();
    }

    /** A copy of the study with other questions. */
    StudySetup with(QuestionSet set) {
        return new StudySetup(
                study.model(),
                List.of(set),
                study.textToSpeech(),
                study.decoding(),
                study.batch(),
                study.mixedNumerics());
    }
}
