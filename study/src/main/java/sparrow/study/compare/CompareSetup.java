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
 * @param study model and questions
 * @param cases exit plans; the baseline {@link PolicyCase#NONE} is added at the start if it is missing
 * @param timedItems number of questions answered again with each policy, one at a time, to measure times
 */
public record CompareSetup(StudySetup study, List<PolicyCase> cases, int timedItems) {
    public CompareSetup {
        cases = withNone(cases);
        if (timedItems < 0) throw new IllegalArgumentException("timing: expected 0 or more, got " + timedItems);
        study.questions().stream()
                .limit(timedItems)
                .filter(question -> !question.item().isAlone())
                .findFirst()
                .ifPresent(question -> {
                    throw new IllegalArgumentException(
                            "timing: expected questions without earlier turns and system text, got " + question);
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

    PolicyCase none() {
        return cases.stream().filter(CompareSetup::isNone).findFirst().orElseThrow();
    }

    /**
     * The settings that determine a policy's results, stored in the comparison's folder
     * ({@link sparrow.study.folder.RunFolder}). The settings do not include the other policies, so a later run may add
     * policies.
     */
    record Settings(@JsonUnwrapped StudySettings study, ScoringPlan scoring) {}

    /**
     * Returns the settings that a run stores.
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
