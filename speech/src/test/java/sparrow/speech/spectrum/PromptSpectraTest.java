package sparrow.speech.spectrum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static sparrow.speech.Golden.STEP;
import static sparrow.speech.Golden.assertClose;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Safetensors;

/** The spectra of a voice prompt, against the reference's on the same samples. */
class PromptSpectraTest {
    private Checkpoint golden;

    @BeforeEach
    void open() throws IOException {
        golden = Safetensors.open(STEP.resolve("cases/prompt_dsp.safetensors"));
    }

    @AfterEach
    void close() {
        golden.close();
    }

    private float[] values(String name) {
        return golden.tensor(name).toFloats();
    }

    @Test
    void theMelFiltersOfTwentyFourKilohertzAreThoseOfTheReference() {
        float[] filters = MelFilters.slaney(80, 1920, 24_000, 8000).matrix();

        // Both are computed in double; the largest value is 0.03.
        assertClose("filters", filters, values("melfb_24k_80x961"), 4e-9f);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"speech16k", "stereo24k"})
    void theMelSpectrogramIsThatOfTheReference(String name) {
        float[] mel = new PromptMel().features(values(name + ".mono24k"));

        // The reference computes in f32: a double implementation of it differs by 4.2e-6.
        assertClose("mel", mel, values(name + ".mel24k_T_80"), 1e-5f);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"speech16k", "stereo24k"})
    void theFilterBankIsThatOfTheReference(String name) {
        float[] features = new KaldiFilterBank().features(values(name + ".audio16k_ch0"));

        // In faint bins the f32 transform of the reference is off by 2e-4.
        assertClose("filter bank", features, values(name + ".kaldi_fbank80"), 3e-4f);

        KaldiFilterBank.subtractMeans(features);

        assertClose("without means", features, values(name + ".kaldi_fbank80_minus_mean"), 3e-4f);
    }

    @ParameterizedTest(name = "{0} samples")
    @ValueSource(ints = {0, 1, 399, 400, 559, 560, 16_000})
    void theFilterBankHasWholeFramesOnly(int samples) {
        float[] features = new KaldiFilterBank().features(new float[samples]);

        int frames = samples < 400 ? 0 : 1 + (samples - 400) / 160;
        assertThat(features).hasSize(frames * 80);
        // Silence lies at the floor: ln(2^-23).
        for (float value : features) assertThat(value).isCloseTo((float) (-23 * Math.log(2)), within(1e-6f));
    }

    @Test
    void aLevelThatDoesNotMoveIsSilenceToTheFilterBank() {
        float[] level = new float[800];
        Arrays.fill(level, 0.5f);

        assertThat(new KaldiFilterBank().features(level)).isEqualTo(new KaldiFilterBank().features(new float[800]));
    }

    @Test
    void theMelSpectrogramHasAFrameForEachWholeHop() {
        assertThat(new PromptMel().features(new float[721])).hasSize(80);
        assertThat(new PromptMel().features(new float[4799])).hasSize(9 * 80);
        assertThatThrownBy(() -> new PromptMel().features(new float[720]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mel spectrogram: expected more than 720 samples at 24000 Hz, got 720");
    }
}
