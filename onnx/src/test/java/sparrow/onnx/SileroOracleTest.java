package sparrow.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Safetensors;
import sparrow.server.vad.SileroNetwork;
import sparrow.server.vad.SileroVad;
import sparrow.server.vad.Vad;
import sparrow.speech.wave.WavFile;

/** The published voice activity network by ONNX Runtime against ours, where a folder with the file is given. */
@EnabledIfSystemProperty(named = "sparrow.data", matches = ".+", disabledReason = "no folder with the network given")
class SileroOracleTest {
    private static final Path TESTDATA = Path.of(System.getProperty("sparrow.testdata"));

    /** Other orders of summation; probabilities are compared with thresholds of two digits. */
    private static final double TOLERANCE = 1e-4;

    private static SileroOnnx published;
    private static SileroNetwork ours;

    @BeforeAll
    static void open() throws IOException {
        published = new SileroOnnx(data("silero/silero_vad_v6.onnx"));
        ours = SileroNetwork.load();
    }

    @AfterAll
    static void close() {
        published.close();
        ours.close();
    }

    @ParameterizedTest
    @MethodSource("questions")
    void aQuestionHasTheProbabilitiesOfThePublishedNetwork(Path wav) throws IOException {
        float[] samples = WavFile.read(wav).samples();

        float[] expected = published.probabilities(samples);

        assertThat(probabilities(samples)).hasSameSizeAs(expected);
        assertThat(worst(probabilities(samples), expected)).isCloseTo(0, within(TOLERANCE));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void noiseOfAnyLoudnessHasThemToo(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] samples = new float[100 * Vad.FRAME_SAMPLES];
        for (int i = 0; i < samples.length; i++) {
            double loudness = Math.pow(10, -3.0 * Math.abs(Math.sin(i / 30_000.0 * seed)));
            samples[i] = (float) (loudness * random.nextDouble(-1, 1));
        }

        assertThat(worst(probabilities(samples), published.probabilities(samples)))
                .isCloseTo(0, within(TOLERANCE));
    }

    /** What the tests of the server compare with is what ONNX Runtime computes. */
    @Test
    void goldenProbabilitiesAreThoseOfThePublishedNetwork() throws IOException {
        try (Checkpoint golden = Safetensors.open(TESTDATA.resolve("silero/probabilities.safetensors"))) {
            assertThat(golden.names()).hasSize(12);
            for (String name : golden.names()) {
                float[] samples = WavFile.read(TESTDATA.resolveSibling("examples/" + name + ".wav"))
                        .samples();
                float[] expected = published.probabilities(samples);

                assertThat(worst(golden.floats(name, expected.length), expected))
                        .as(name)
                        .isCloseTo(0, within(1e-6));
            }
        }
    }

    static List<Path> questions() throws IOException {
        try (Stream<Path> files = Files.list(data("demo-eval/wav"))) {
            return files.filter(file -> file.toString().endsWith(".wav"))
                    .sorted()
                    .toList();
        }
    }

    private static Path data(String file) {
        return Path.of(System.getProperty("sparrow.data"), file);
    }

    private static float[] probabilities(float[] samples) {
        SileroVad vad = ours.vad();
        float[] probabilities = new float[samples.length / Vad.FRAME_SAMPLES];
        for (int i = 0; i < probabilities.length; i++) {
            probabilities[i] = vad.probability(samples, i * Vad.FRAME_SAMPLES);
        }
        return probabilities;
    }

    private static double worst(float[] found, float[] expected) {
        return IntStream.range(0, expected.length)
                .mapToDouble(i -> Math.abs(found[i] - expected[i]))
                .max()
                .orElseThrow();
    }
}
