package sparrow.speech.spectrum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static sparrow.speech.Golden.GLM;
import static sparrow.speech.Golden.STEP;
import static sparrow.speech.Golden.assertClose;
import static sparrow.speech.Golden.transposed;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Safetensors;

class MelFiltersTest {
    @Test
    void equalThoseOfTheReference() throws IOException {
        try (Checkpoint golden = Safetensors.open(GLM.resolve("expected/speech_tokenizer.safetensors"))) {
            float[] expected = golden.tensor("mel_filters").toFloats();

            // Both are computed in double; the largest value is 0.026.
            assertClose("mel_filters", MelFilters.slaney(128, 400, 16_000).matrix(), transposed(expected, 201), 4e-9f);
        }
    }

    @Test
    void andTheWindowEqualThoseOfTheSecondReference() throws IOException {
        try (Checkpoint golden = Safetensors.open(STEP.resolve("cases/mel.safetensors"))) {
            float[] window = new float[400];
            for (int i = 0; i < window.length; i++) window[i] = (float) Hann.periodic(i, window.length);

            assertClose(
                    "mel_filters_128x201",
                    MelFilters.slaney(128, 400, 16_000).matrix(),
                    golden.tensor("mel_filters_128x201").toFloats(),
                    4e-9f);
            // The reference computes it in f32.
            assertClose("hann400", window, golden.tensor("hann400").toFloats(), 1e-6f);
        }
    }

    @ParameterizedTest(name = "{0} Hz")
    @ValueSource(doubles = {0, 40, 999.9, 1000, 1000.1, 4321, 8000})
    void theScaleAndItsInverseUndoEachOther(double hz) {
        assertThat(MelFilters.hz(MelFilters.mel(hz))).isCloseTo(hz, within(1e-9));
    }
}
