package sparrow.study.compare;

import java.util.ArrayList;
import java.util.List;
import sparrow.engine.decode.LanguageModel;
import sparrow.models.SpokenModel;
import sparrow.study.run.Decoding;
import sparrow.study.run.MixedNumerics;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.QuestionSet;
import sparrow.study.run.StudyQuestion;
import sparrow.study.speak.TextToSpeech;

/**
 * What to compare.
 *
 * @param model that answers
 * @param cases exit plans; {@link PolicyCase#NONE}, what the others are compared with, is put in front if it is missing
 * @param sets of questions, each name once
 * @param textToSpeech speaks questions without a recording
 * @param decoding the same for all cases
 * @param batch questions whose replies are decoded together; changes nothing but the time, unless the last bit of a
 *     product decides a token
 * @param timedItems questions that every case answers once more, alone, to be timed
 * @param mixedNumerics which comparisons are gone on with
 */
public record CompareSetup(
        SpokenModel model,
        List<PolicyCase> cases,
        List<QuestionSet> sets,
        TextToSpeech textToSpeech,
        Decoding decoding,
        int batch,
        int timedItems,
        MixedNumerics mixedNumerics) {
    public CompareSetup {
        cases = withNone(cases);
        sets = List.copyOf(sets);
        if (sets.isEmpty()) throw new IllegalArgumentException("data: expected one or more sets, got none");
        if (batch < 1) throw new IllegalArgumentException("batch: expected 1 or more, got " + batch);
        if (timedItems < 0) throw new IllegalArgumentException("timing: expected 0 or more, got " + timedItems);
        once("data", sets.stream().map(QuestionSet::name).toList());
        once("policies", cases.stream().map(PolicyCase::folder).toList());
        LanguageModel lm = model.languageModel();
        for (PolicyCase one : cases) {
            lm.check(one.plan());
        }
    }

    /** With {@link MixedNumerics#REFUSED}. */
    public CompareSetup(
            SpokenModel model,
            List<PolicyCase> cases,
            List<QuestionSet> sets,
            TextToSpeech textToSpeech,
            Decoding decoding,
            int batch,
            int timedItems) {
        this(model, cases, sets, textToSpeech, decoding, batch, timedItems, MixedNumerics.REFUSED);
    }

    private static List<PolicyCase> withNone(List<PolicyCase> cases) {
        if (cases.stream().anyMatch(one -> one.plan().equals(PolicyCase.NONE.plan()))) return List.copyOf(cases);
        List<PolicyCase> all = new ArrayList<>(cases);
        all.addFirst(PolicyCase.NONE);
        return List.copyOf(all);
    }

    private static void once(String what, List<String> names) {
        for (int i = 0; i < names.size(); i++) {
            if (names.indexOf(names.get(i)) < i) {
                throw new IllegalArgumentException(what + ": expected each once, got " + names.get(i) + " twice");
            }
        }
    }

    /** The case that the others are compared with. */
    PolicyCase none() {
        return cases.stream()
                .filter(one -> one.plan().equals(PolicyCase.NONE.plan()))
                .findFirst()
                .orElseThrow();
    }

    /** All questions, set by set. */
    List<StudyQuestion> questions() {
        return StudyQuestion.of(sets);
    }

    int layers() {
        return model.languageModel().layers();
    }
}
