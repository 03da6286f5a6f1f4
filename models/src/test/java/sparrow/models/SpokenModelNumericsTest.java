package sparrow.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.KvFormat;

/** The line about numerics; {@code ArithmeticOfProcessesTest} of the app compares those of several processes. */
class SpokenModelNumericsTest {
    @Test
    void nameKernelsJavaPlatformAndBuild() throws IOException {
        try (ComputePool pool = new ComputePool(1)) {
            String own = bundled(Kernels.create(pool));
            String narrow = bundled(Kernels.create(pool).withKvFormat(KvFormat.Q8));

            String kernels = Kernels.create(pool).arithmetic();
            String java = System.getProperty("java.vm.version");
            assertThat(own)
                    .startsWith(kernels + " java-" + java + " ")
                    .matches("\\S+ \\S+ \\S+-" + System.getProperty("os.arch") + " build-[0-9a-f]{12}");
            assertThat(narrow).isEqualTo(own.replace(kernels, kernels + "+kv-q8"));
        }
    }

    private static String bundled(Kernels kernels) throws IOException {
        try (SpokenModel model = SpokenModels.bundled(OpenOptions.NONE, kernels)) {
            return model.numerics();
        }
    }

    @Test
    void nameTheDeviceThatComputesTheLayers() throws IOException {
        try (ComputePool pool = new ComputePool(1);
                SpokenModel there = FakeDevice.holding(Kernels.create(pool), Integer.MAX_VALUE)) {
            String own = bundled(Kernels.create(pool));

            assertThat(there.numerics()).isEqualTo(own + " on Card 9 (OpenCL 3.0, driver 1.2)");
        }
    }
}
