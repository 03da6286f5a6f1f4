package sparrow.study.layers;

import java.io.IOException;
import java.util.List;
import sparrow.engine.decode.Limits;
import sparrow.engine.sample.Sampling;
import sparrow.study.run.ModelSettings;
import sparrow.study.run.SetSettings;

/**
 * All that decides about the readings of a layer study, as it is kept in its folder
 * ({@link sparrow.study.run.RunFolder}).
 *
 * @param flow of the speech ({@link ModelSettings#flow})
 * @param arithmetic of the kernels ({@link ModelSettings#arithmetic})
 */
record LayerSettings(
        ModelSettings model,
        String lens,
        List<Integer> layers,
        List<SetSettings> data,
        Sampling sampling,
        Limits limits,
        String speechLogits,
        int batch,
        String flow,
        String arithmetic) {
    static LayerSettings of(LayerSetup setup) throws IOException {
        return new LayerSettings(
                ModelSettings.of(setup.model()),
                setup.lens().toString(),
                List.copyOf(setup.layers()),
                setup.sets().stream().map(SetSettings::of).toList(),
                setup.decoding().sampling(),
                setup.decoding().limits(),
                setup.decoding().speechLogits().toString(),
                setup.batch(),
                ModelSettings.flow(setup.model()),
                ModelSettings.arithmetic(setup.model()));
    }
}
