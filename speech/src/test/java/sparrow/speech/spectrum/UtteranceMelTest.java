package sparrow.speech.spectrum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sparrow.speech.Golden.LFM;
import static sparrow.speech.Golden.assertClose;
import static sparrow.speech.Golden.transposed;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Safetensors;
import sparrow.speech.wave.WavFile;
import sparrow.tensor.kernel.ComputePool;

/** The recorded features of the official front end of LFM2-Audio. */
class UtteranceMelTest {
    private static final int BINS = 128;

    /** The tolerance that the golden data states for features of the recorded samples. */
    private static final float FEATURES = 2e-4f;

    /** The same for features of a file whose resampler has its filter in f64. */
    private static final float RESAMPLED = 2e-3f;

    private static ComputePool pool;
    private static Checkpoint golden;

    @BeforeAll
    static void open() throws IOException {
        pool = ComputePool.ofMachine();
        golden = Safetensors.open(LFM.resolve("expected/a/mel.safetensors"));
    }

    @AfterAll
    static void close() {
        golden.close();
        pool.close();
    }

    private static float[] golden(String name) {
        return golden.tensor(name).toFloats();
    }

    private static float[] mel(float[] samples) {
        return new UtteranceMel(BINS).features(samples, pool);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"a_speech16k", "b_second24k", "c_third44k"})
    void makesTheFeaturesOfTheRecordedSamples(String name) {
        float[] samples = golden(name + ".audio16k");

        float[] mel = mel(samples);

        assertClose(name, mel, transposed(golden(name + ".mel"), BINS), FEATURES);
        assertThat(UtteranceMel.frames(samples.length))
                .isEqualTo(golden.tensor(name + ".mel_len").toInts()[0] + 1);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"a_speech16k, 0", "b_second24k, 2e-6", "c_third44k, 2e-6"})
    void makesTheFeaturesOfTheFiles(String name, float samplesTolerance) throws IOException {
        float[] samples = WavFile.read(LFM.resolve("wav").resolve(name + ".wav"))
                .at(16_000)
                .samples();

        assertClose(name + ".audio16k", samples, golden(name + ".audio16k"), samplesTolerance);
        assertClose(name + ".mel", mel(samples), transposed(golden(name + ".mel"), BINS), RESAMPLED);
    }

    /** Less than a hop, whole hops, and one sample less or more than these. */
    @ParameterizedTest(name = "{0} samples")
    @ValueSource(ints = {100, 200, 1300, 1440, 1599, 1600, 2079})
    void makesTheFeaturesOfShortSounds(int length) {
        int from = golden.tensor("cut_base_start").toInts()[0];
        float[] samples = Arrays.copyOfRange(golden("a_speech16k.audio16k"), from, from + length);

        float[] mel = mel(samples);

        String name = "cut" + length;
        assertThat(UtteranceMel.frames(length))
                .isEqualTo(golden.tensor(name + ".mel_len").toInts()[0] + 1);
        assertClose(name, mel, transposed(golden(name + ".mel"), BINS), FEATURES);
    }

    @Test
    void filtersAreTheOfficialOnes() {
        assertClose("filters", MelFilters.slaney(BINS, 512, 16_000).matrix(), golden("filters"), 1e-6f);
    }

    @ParameterizedTest(name = "{0} samples")
    @ValueSource(ints = {0, 1, 159, 160, 319})
    void aSoundOfLessThanTwoFramesIsZeros(int length) {
        float[] samples = new float[length];
        for (int i = 0; i < length; i++) samples[i] = i % 7 - 3;

        float[] mel = mel(samples);

        assertThat(mel).hasSize((length / 160 + 1) * BINS).containsOnly(0);
    }

    @Test
    void refusesAnEmptyFrame() {
        assertThatThrownBy(() -> new UtteranceMel(0)).hasMessage("mel bins: expected 1 or more, got 0");
    }
}
