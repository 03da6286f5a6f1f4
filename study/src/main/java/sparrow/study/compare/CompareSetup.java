package sparrow.study.compare;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import sparrow.engine.decode.LanguageModel;
import sparrow.models.SpokenModel;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.StudyQuestion;
import sparrow.study.run.StudySettings;
import sparrow.study.run.StudySetup;
import sparrow.study.scoring.ScoringPlan;

/**
 * A model, its questions, and the policies to compare.
 *
 * @param study the model and its questions
 * @param cases exit plans; {@link PolicyCase#NONE}, what the others are compared with, becomes the first if it is missing
 * @param timedItems questions that every case answers once more, alone, to be timed
 */
public record CompareSetup(StudySetup study, List<PolicyCase> cases, int timedItems) {
    public CompareSetup {
        cases = withNone(cases);
        if (timedItems < 0) throw new IllegalArgumentException("timing: expected 0 or more, got " + timedItems);
        study.questions().stream()
                .limit(timedItems)
                .filter(asked -> !asked.item().isAlone())
                .findFirst()
                .ifPresent(asked -> {
                    throw new IllegalArgumentException(
                            "timing: expected first questions without a system text, got " + asked);
                });
        Set<String> folders = new HashSet<>();
        LanguageModel lm = study.model().languageModel();
        for (PolicyCase one : cases) {
            if (!folders.add(one.folder())) {
                throw new IllegalArgumentException("policies: expected each once, got " + one.folder() + " twice");
            }
            lm.check(one.plan());
        }
    }

    private static List<PolicyCase> withNone(List<PolicyCase> cases) {
        if (cases.stream().anyMatch(CompareSetup::isNone)) return List.copyOf(cases);
        List<PolicyCase> all = new ArrayList<>(cases);
        all.addFirst(PolicyCase.NONE);
        return List.copyOf(all);
    }

    private static boolean isNone(PolicyCase one) {
        return one.plan().equals(PolicyCase.NONE.plan());
    }

    /** The case that the others are compared with. */
    PolicyCase none() {
        return cases.stream().filter(CompareSetup::isNone).findFirst().orElseThrow();
    }

    /**
     * All that determines the results of a row. The folder of the comparison stores it ({@link sparrow.study.folder.RunFolder}). The
     * other rows have no influence, so a later run may add some.
     */
    record Settings(@JsonUnwrapped StudySettings study, ScoringPlan scoring) {}

    /**
     * The settings that a run stores.
     *
     * @throws IOException if the file of exit heads cannot be read
     */
    Settings settings(ScoringPlan scoring) throws IOException {
        return new Settings(study.settings(), scoring);
    }

    SpokenModel model() {
        return study.model();
    }

    List<StudyQuestion> questions() {
        return study.questions();
    }

    int layers() {
        return model().languageModel().layers();
    }
}
