package sparrow.server.vad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Safetensors;

class SileroVadTest {
    private static SileroNetwork network;

    @BeforeAll
    static void load() throws IOException {
        network = SileroNetwork.load();
    }

    @AfterAll
    static void close() {
        network.close();
    }

    @ParameterizedTest
    @MethodSource("questions")
    void probabilitiesAreThoseOfThePublishedNetwork(String question) throws IOException {
        float[] found = probabilities(network.vad(), Examples.samples(question));

        try (Checkpoint golden = Safetensors.open(Examples.TESTDATA.resolve("silero/probabilities.safetensors"))) {
            float[] expected = golden.floats(question, found.length);
            for (int i = 0; i < found.length; i++) {
                assertThat(found[i]).as("frame %d", i).isCloseTo(expected[i], within(1e-4f));
            }
        }
    }

    static List<String> questions() {
        return Examples.names();
    }

    @Test
    void aResetDetectorIsANewOne() {
        float[] first = Examples.samples("q01");
        float[] second = Examples.samples("q02");
        SileroVad vad = network.vad();
        float[] fresh = probabilities(vad, first);

        probabilities(vad, second);
        assertThat(probabilities(vad, first)).isNotEqualTo(fresh);
        vad.reset();

        assertThat(probabilities(vad, first)).isEqualTo(fresh);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whatIsNoNumberCountsAsSilenceAndWhatIsTooLoudAsFullScale(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] wild = new float[40 * Vad.FRAME_SAMPLES];
        float[] tame = new float[wild.length];
        for (int i = 0; i < wild.length; i++) {
            float sample = random.nextFloat(-1, 1);
            switch (random.nextInt(5)) {
                case 0 -> wild[i] = Float.NaN;
                case 1 -> tame[i] = Math.signum(wild[i] = sample / 0f);
                case 2 -> tame[i] = Math.signum(wild[i] = sample * Float.MAX_VALUE);
                default -> tame[i] = wild[i] = sample;
            }
        }

        float[] found = probabilities(network.vad(), wild);

        assertThat(found).isEqualTo(probabilities(network.vad(), tame));
        for (float probability : found) assertThat(probability).isBetween(0f, 1f);
    }

    @Test
    void aFrameThatIsNotThereIsRefusedAndNotHeard() {
        float[] samples = Examples.samples("q03");
        SileroVad vad = network.vad();
        float first = vad.probability(samples, 0);

        assertThatThrownBy(() -> vad.probability(samples, samples.length - 511))
                .isInstanceOf(IndexOutOfBoundsException.class);

        SileroVad other = network.vad();
        assertThat(other.probability(samples, 0)).isEqualTo(first);
        assertThat(vad.probability(samples, 512)).isEqualTo(other.probability(samples, 512));
    }

    @Test
    void sessionsOnSeveralThreadsDoNotDisturbEachOther() throws Exception {
        List<float[]> alone = Examples.names().stream()
                .map(question -> probabilities(network.vad(), Examples.samples(question)))
                .toList();
        List<Future<float[]>> together = new ArrayList<>();
        try (ExecutorService sessions = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 48; i++) {
                float[] samples = Examples.samples(Examples.names().get(i % 12));
                together.add(sessions.submit(() -> probabilities(network.vad(), samples)));
            }
        }

        for (int i = 0; i < together.size(); i++)
            assertThat(together.get(i).get()).isEqualTo(alone.get(i % 12));
    }

    @Test
    void silenceClicksAndNoiseAreNoSpeech() {
        SplittableRandom random = new SplittableRandom(7);
        float[] noise = new float[200 * Vad.FRAME_SAMPLES];
        for (int i = 0; i < noise.length; i++) noise[i] = random.nextFloat(-1, 1);
        float[] clicks = new float[noise.length];
        for (int i = 3000; i < clicks.length; i += 7919) clicks[i] = i % 2 == 0 ? 1 : -1;

        assertThat(mostProbable(noise)).isLessThan(0.5f);
        assertThat(mostProbable(clicks)).isLessThan(0.5f);
        assertThat(mostProbable(new float[noise.length])).isLessThan(0.5f);
    }

    private static float mostProbable(float[] samples) {
        float most = 0;
        for (float probability : probabilities(network.vad(), samples)) most = Math.max(most, probability);
        return most;
    }

    static float[] probabilities(Vad vad, float[] samples) {
        float[] probabilities = new float[samples.length / Vad.FRAME_SAMPLES];
        for (int i = 0; i < probabilities.length; i++) {
            probabilities[i] = vad.probability(samples, i * Vad.FRAME_SAMPLES);
        }
        return probabilities;
    }
}
