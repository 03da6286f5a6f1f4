package sparrow.study.mos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.formats.BadFileException;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

class DnsmosTest {
    private static final int WINDOW = 144_160;

    @TempDir
    private Path folder;

    /** Counts of the published script; 61321 and 63280 samples are recordings that it was run on. */
    @ParameterizedTest
    @CsvSource({
        "1, 7",
        "61321, 6",
        "63280, 6",
        "144159, 7",
        "144160, 1",
        "160000, 1",
        "175999, 1",
        "176000, 2",
        "640000, 14"
    })
    void cutsAsManyWindowsAsThePublishedScript(int samples, int windows) {
        assertThat(Dnsmos.windows(new float[samples])).hasSize(windows);
    }

    @Test
    void startsAWindowEverySecondAndRepeatsShortSpeech() {
        float[] speech = numbered(61_321);

        List<float[]> windows = Dnsmos.windows(speech);

        for (int second = 0; second < windows.size(); second++) {
            float[] window = windows.get(second);
            assertThat(window).hasSize(WINDOW);
            assertThat(window[0]).isEqualTo(speech[16_000 * second % 61_321]);
            assertThat(window[WINDOW - 1]).isEqualTo(speech[(16_000 * second + WINDOW - 1) % 61_321]);
        }
    }

    @Test
    void leavesOutTheWindowsThatTheScriptCutsOneSampleShort() {
        List<float[]> windows = Dnsmos.windows(numbered(640_000));

        assertThat(windows)
                .extracting(window -> (int) window[0] / 16_000)
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 24, 25, 26, 27, 28, 29, 30);
    }

    private static float[] numbered(int samples) {
        float[] numbers = new float[samples]; // below 2^24, so that floats hold them
        for (int i = 0; i < samples; i++) numbers[i] = i;
        return numbers;
    }

    /** A network that gives the mean of its samples as all three scores. */
    private Path meanNetwork() throws IOException {
        return new TinyOnnx()
                .floatInput("input_1", -1, WINDOW)
                .mean("input_1", "mean", true, 1)
                .thrice("mean", "scores", 1)
                .floatOutput("scores", -1, 3)
                .write(folder.resolve("mean.onnx"));
    }

    /** Tolerance: a mean of 144 160 equal floats is rounded, relative error below 1e-5. */
    @Test
    void mapsEachScoreByItsQuadratic() throws IOException {
        float[] speech = new float[WINDOW];
        Arrays.fill(speech, 0.5f);

        try (Dnsmos dnsmos = Dnsmos.open(meanNetwork())) {
            Mos mos = dnsmos.score(new Waveform(speech, 16_000));

            assertThat(mos.overall()).isCloseTo(0.04602535 + 1.11546468 / 2 - 0.06766283 / 4, within(1e-5));
            assertThat(mos.parts().get("signal")).isCloseTo(0.0052439 + 1.22083953 / 2 - 0.08397278 / 4, within(1e-5));
            assertThat(mos.parts().get("background"))
                    .isCloseTo(-0.39604546 + 1.60915514 / 2 - 0.13166888 / 4, within(1e-5));
        }
    }

    /** The mean of mapped scores, not the map of the mean: windows of 0 to 9 s and of 1 to 10 s differ. */
    @Test
    void takesTheMeanOverWindowsAfterTheMap() throws IOException {
        float[] speech = new float[176_000];
        Arrays.fill(speech, 16_000 + WINDOW - 16_000, 176_000, 1f);
        double[] means = {0, 16_000.0 / WINDOW};

        try (Dnsmos dnsmos = Dnsmos.open(meanNetwork())) {
            Mos mos = dnsmos.score(new Waveform(speech, 16_000));

            double expected = Arrays.stream(means)
                    .map(x -> 0.04602535 + 1.11546468 * x - 0.06766283 * x * x)
                    .average()
                    .orElseThrow();
            assertThat(mos.overall()).isCloseTo(expected, within(1e-5));
        }
    }

    @Test
    void resamplesSpeechOfAnotherRate() throws IOException {
        float[] speech = new float[2 * WINDOW];
        Arrays.fill(speech, 0.25f);

        try (Dnsmos dnsmos = Dnsmos.open(meanNetwork())) {
            double atTwiceTheRate = dnsmos.score(new Waveform(speech, 32_000)).overall();
            double atItsOwn = dnsmos.score(new Waveform(Arrays.copyOf(speech, WINDOW), 16_000))
                    .overall();

            // The resampler fades at both ends of the speech: some hundred of 144 160 samples.
            assertThat(atTwiceTheRate).isCloseTo(atItsOwn, within(1e-3));
        }
    }

    @Test
    void refusesSpeechWithoutSamples() {
        assertThatThrownBy(() -> Dnsmos.windows(new float[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("speech: expected samples, got none");
    }

    @Test
    void refusesANetworkOfAnotherLength() throws IOException {
        Path file = new TinyOnnx()
                .floatInput("wave", 1, 16_000)
                .mean("wave", "score", true, 1)
                .floatOutput("score", 1, 1)
                .write(folder.resolve("short.onnx"));

        assertThatThrownBy(() -> Dnsmos.open(file))
                .isInstanceOf(BadFileException.class)
                .hasMessage(file + ": input wave: expected F32 [1, 144160], found F32 [1, 16000]");
    }

    @Test
    void refusesANetworkWithOtherScores() throws IOException {
        Path file = new TinyOnnx()
                .floatInput("wave", 1, WINDOW)
                .mean("wave", "score", true, 1)
                .floatOutput("score", 1, 1)
                .write(folder.resolve("one.onnx"));

        try (Dnsmos dnsmos = Dnsmos.open(file)) {
            assertThatThrownBy(() -> dnsmos.score(new Waveform(new float[WINDOW], 16_000)))
                    .hasMessage(file + ": output: expected F32 [1, 3], found [1, 1]");
        }
    }

    /**
     * The published network against its published script, where a folder with both is given. Tolerance: another version of
     * ONNX Runtime on another machine sums in another order; scores are read to two digits.
     */
    @ParameterizedTest
    @ValueSource(strings = {"espeak.wav", "flite.wav"})
    @EnabledIfSystemProperty(
            named = "sparrow.data",
            matches = ".+",
            disabledReason = "no folder with the network given")
    void scoresAsThePublishedScript(String wav) throws IOException {
        Path data = Path.of(System.getProperty("sparrow.data"), "dnsmos");
        JsonNode expected = new ObjectMapper()
                .readTree(data.resolve("expected.json").toFile())
                .path(wav);

        try (MosScorer dnsmos = MosScorers.open("dnsmos:" + data.resolve("sig_bak_ovr.onnx"))) {
            Waveform speech = WavFile.read(data.resolve(wav));
            Mos mos = dnsmos.score(speech);

            assertThat(Dnsmos.windows(speech.samples()))
                    .hasSize(expected.path("segments").asInt());
            System.getLogger("dnsmos").log(System.Logger.Level.INFO, wav + ": " + mos + ", expected " + expected);
            assertThat(mos.overall()).isCloseTo(expected.path("ovr").asDouble(), within(1e-4));
            assertThat(mos.parts().get("signal")).isCloseTo(expected.path("sig").asDouble(), within(1e-4));
            assertThat(mos.parts().get("background"))
                    .isCloseTo(expected.path("bak").asDouble(), within(1e-4));
        }
    }
}
