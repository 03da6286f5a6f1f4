package sparrow.study.compare;

import java.io.IOException;
import java.util.List;
import sparrow.engine.decode.Limits;
import sparrow.engine.sample.Sampling;
import sparrow.study.run.ModelSettings;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.SetSettings;

/**
 * All that decides about the results of a comparison, as it is kept in its folder ({@link sparrow.study.run.RunFolder}).
 * Batch size, threads and timing do not.
 *
 * @param rows exit plans in their notation
 * @param flow of the speech ({@link ModelSettings#flow})
 * @param arithmetic of the kernels ({@link ModelSettings#arithmetic})
 */
record CompareSettings(
        ModelSettings model,
        List<SetSettings> data,
        List<String> rows,
        Sampling sampling,
        Limits limits,
        String speechLogits,
        int batch,
        ScoringPlan scoring,
        String flow,
        String arithmetic) {
    static CompareSettings of(CompareSetup setup, ScoringPlan scoring) throws IOException {
        return new CompareSettings(
                ModelSettings.of(setup.model()),
                setup.sets().stream().map(SetSettings::of).toList(),
                setup.cases().stream().map(PolicyCase::toString).toList(),
                setup.decoding().sampling(),
                setup.decoding().limits(),
                setup.decoding().speechLogits().toString(),
                setup.batch(),
                scoring,
                ModelSettings.flow(setup.model()),
                ModelSettings.arithmetic(setup.model()));
    }
}
