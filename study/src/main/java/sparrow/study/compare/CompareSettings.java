package sparrow.study.compare;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.IOException;
import java.util.List;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.StudySettings;
import sparrow.study.scoring.ScoringPlan;

/**
 * All that decides about the results of a comparison, as it is kept in its folder ({@link sparrow.study.run.RunFolder}).
 *
 * @param rows exit plans in their notation
 */
record CompareSettings(@JsonUnwrapped StudySettings study, List<String> rows, ScoringPlan scoring) {
    static CompareSettings of(CompareSetup setup, ScoringPlan scoring) throws IOException {
        return new CompareSettings(
                setup.study().settings(),
                setup.cases().stream().map(PolicyCase::toString).toList(),
                scoring);
    }
}
