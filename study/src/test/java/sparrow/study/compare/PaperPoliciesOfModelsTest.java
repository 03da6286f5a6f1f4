package sparrow.study.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import sparrow.models.OpenOptions;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.study.run.PolicyCase;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** Published policies go by the model's family, whatever its number of layers; the bundled model has its own. */
class PaperPoliciesOfModelsTest {
    private static final Path TESTDATA = Path.of(System.getProperty("sparrow.testdata"));

    @Test
    void everyFamilyHasThePoliciesOfItsTable() throws IOException {
        assertThat(names(TESTDATA.resolve("glm-4-voice"))).hasSize(10).startsWith("G1", "G2");
        assertThat(names(TESTDATA.resolve("step-audio-2-mini/ckpt"))).hasSize(6).startsWith("S1", "S2");
        assertThat(names(SpokenModels.bundledFolder())).hasSize(15).startsWith("B1", "B2");
    }

    private static List<String> names(Path folder) throws IOException {
        try (ComputePool pool = new ComputePool(1);
                SpokenModel model = SpokenModels.open(folder, OpenOptions.NONE, Kernels.create(pool))) {
            return PaperPolicies.of(model).stream().map(PolicyCase::name).toList();
        }
    }
}
