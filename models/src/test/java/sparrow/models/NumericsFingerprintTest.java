package sparrow.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import sparrow.speech.vocode.SpeechTrial;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.KvFormat;

/** In one process; {@code ArithmeticOfProcessesTest} of the app compares several. */
class NumericsFingerprintTest {
    @Test
    void saysInWordsAndBitsWhatComputes() {
        try (ComputePool pool = new ComputePool(1)) {
            Kernels kernels = Kernels.create(pool);
            NumericsFingerprint own = NumericsFingerprint.of(kernels);
            NumericsFingerprint narrow = NumericsFingerprint.of(kernels.withKvFormat(KvFormat.Q8));

            assertThat(own.toString()).matches("(vector-(128|256|512)x(4|12)|scalar) [0-9a-f]{16}");
            assertThat(own.vectorBits()).isEqualTo(kernels.vectorBits());
            assertThat(narrow.kernels()).isEqualTo(kernels.arithmetic() + "+kv-q8");
        }
    }

    @Test
    void speechThatIsTriedDependsOnNoNumberOfThreads() {
        try (ComputePool one = new ComputePool(1);
                ComputePool two = new ComputePool(2)) {
            double[] results = SpeechTrial.results(Kernels.create(one));

            assertThat(SpeechTrial.results(Kernels.create(two))).isEqualTo(results);
            // 80 bins of the filter bank, and four frames of four samples that are neither silent nor cut off.
            assertThat(results).hasSize(80 + 4 * 4).doesNotContain(0, 0.99, -0.99);
        }
    }

    @Test
    void namesTheDeviceThatComputesTheLayers() throws IOException {
        try (ComputePool pool = new ComputePool(1);
                SpokenModel here = SpokenModels.bundled(OpenOptions.NONE, Kernels.create(pool));
                SpokenModel there = FakeDevice.holding(Kernels.create(pool), Integer.MAX_VALUE)) {
            String own = NumericsFingerprint.of(Kernels.create(pool)).toString();

            assertThat(NumericsFingerprint.of(here)).hasToString(own);
            assertThat(NumericsFingerprint.of(there)).hasToString(own + " on Card 9 (OpenCL 3.0, driver 1.2)");
        }
    }

    @Test
    void hasSixteenDigits() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NumericsFingerprint("scalar", 32, "5f0a"))
                .withMessage("arithmetic: expected 16 hexadecimal digits, got 5f0a");
    }
}
