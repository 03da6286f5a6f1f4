package sparrow.study.layers;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.IOException;
import java.util.List;
import sparrow.study.run.StudySettings;

/**
 * All that decides about the readings of a layer study, as it is kept in its folder
 * ({@link sparrow.study.run.RunFolder}).
 */
record LayerSettings(@JsonUnwrapped StudySettings study, String lens, List<Integer> layers) {
    static LayerSettings of(LayerSetup setup) throws IOException {
        return new LayerSettings(setup.study().settings(), setup.lens().toString(), List.copyOf(setup.layers()));
    }
}
