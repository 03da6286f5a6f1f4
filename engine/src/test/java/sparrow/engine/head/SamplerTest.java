package sparrow.engine.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.transformer.Logits;
import sparrow.formats.weights.Safetensors;

class SamplerTest {
    private static final Path CASES = Path.of(System.getProperty("sparrow.testdata"), "step-audio-2-mini", "cases");

    private static final Path GOLDEN = Path.of(System.getProperty("sparrow.testdata"), "glm-4-voice", "expected");
    private static final Sampling PLAIN = new Sampling(1, 0, 1, 1, 7);

    @ParameterizedTest(name = "parameters {0}")
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void probabilitiesAreThoseOfTheTransformersLibrary(int set) throws IOException {
        JsonNode parameters = new ObjectMapper()
                .readTree(GOLDEN.resolve("sampling_params.json").toFile())
                .get(set);
        Sampling sampling = new Sampling(
                parameters.get("temperature").asDouble(),
                parameters.get("top_k").asInt(),
                parameters.get("top_p").asDouble(),
                1,
                0);
        try (Safetensors golden = Safetensors.open(GOLDEN.resolve("sampling.safetensors"))) {
            float[] logits = golden.floats("logits", 6, 512);
            float[] expected = golden.floats(parameters.get("name").asText(), 6, 512);
            for (int row = 0; row < 6; row++) {
                float[] actual = probabilities(Arrays.copyOfRange(logits, row * 512, (row + 1) * 512), sampling);

                int kept = 0;
                for (int i = 0; i < 512; i++) {
                    // The library's own noise, as the golden data state it.
                    assertThat(actual[i]).as("row %d, id %d", row, i).isCloseTo(expected[row * 512 + i], offset(1e-6f));
                    if (actual[i] > 0) kept++;
                }
                assertThat(kept).isEqualTo(parameters.get("kept").get(row).asInt());
            }
        }
    }

    static Stream<JsonNode> stepAudio2Cases() throws IOException {
        return new ObjectMapper()
                .readTree(CASES.resolve("sampling.json").toFile())
                .get("cases")
                .valueStream();
    }

    /** The library's whole chain, the repetition penalty over all ids so far included. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("stepAudio2Cases")
    void everyFilterKeepsTheIdsAndProbabilitiesOfTheGoldenData(JsonNode parameters) throws IOException {
        String tag = parameters.get("tag").asText();
        double penalty = parameters.get("repetition_penalty").asDouble(1);
        Sampling sampling = new Sampling(
                parameters.get("temperature").asDouble(1),
                parameters.get("top_k").asInt(0),
                parameters.get("top_p").asDouble(1),
                penalty,
                0);
        try (Safetensors golden = Safetensors.open(CASES.resolve("sampling.safetensors"))) {
            Logits logits = Logits.of(golden.floats(tag + ".logits", 768), null);
            float[] expected = golden.floats(tag + ".probs", 768);
            Sampler sampler = seen(sampling, parameters);

            Distribution actual = sampler.distribution(logits);

            assertThat(IntStream.range(0, 768).filter(id -> actual.probability(id) > 0))
                    .containsExactlyElementsOf(
                            Arrays.stream(golden.tensor(tag + ".kept").toInts())
                                    .boxed()
                                    .toList());
            for (int id = 0; id < 768; id++) {
                // As the golden data state it.
                assertThat(actual.probability(id)).as("id %d", id).isCloseTo(expected[id], offset(1e-6f));
            }
            // No filter changes which score is the largest, so the greedy choice is that of the penalty alone.
            int best = IntStream.range(0, 768)
                    .reduce((a, b) -> expected[b] > expected[a] ? b : a)
                    .orElseThrow();
            assertThat(seen(new Sampling(0, 0, 1, penalty, 0), parameters).choose(logits, 0))
                    .isEqualTo(best);
        }
    }

    private static Sampler seen(Sampling sampling, JsonNode parameters) {
        Sampler sampler = new Sampler(sampling, 768);
        for (JsonNode id : parameters.get("input_ids")) sampler.observe(id.asInt());
        return sampler;
    }

    @Test
    void topKCountsScoresThatTieOnlyOnceTheyAreDistancesFromTheLargest() {
        float[] scores = {1000, 1, Math.nextUp(1f)};

        assertThat(scores[1] - scores[0]).isEqualTo(scores[2] - scores[0]);
        float[] probabilities = probabilities(scores, new Sampling(1e3, 2, 1, 1, 0));
        assertThat(probabilities[1]).isZero();
        assertThat(probabilities[2]).isPositive();
    }

    @Test
    void greedyTakesTheLargestAndOnTiesTheLowestId() {
        assertThat(greedy(1, 5, 3)).isEqualTo(1);
        assertThat(greedy(5, 1, 5)).isEqualTo(0);
        assertThat(greedy(-2, -1, -1)).isEqualTo(1);
        assertThat(greedy(Float.NEGATIVE_INFINITY, -3e38f, Float.NEGATIVE_INFINITY))
                .isEqualTo(1);
        // Rows of a restricted head need not be in the order of their ids.
        Logits restricted = Logits.of(new float[] {2, 5, 5, 5}, new int[] {1, 9, 4, 6});
        assertThat(new Sampler(Sampling.GREEDY, 10).choose(restricted, 0)).isEqualTo(4);
    }

    @Test
    void sameSeedGivesTheSameTokensAndAnotherSeedOthers() {
        float[] scores = new float[100];

        assertThat(draws(new Sampling(1, 0, 1, 1, 5), scores, 50))
                .isEqualTo(draws(new Sampling(1, 0, 1, 1, 5), scores, 50));
        assertThat(draws(new Sampling(1, 0, 1, 1, 5), scores, 50))
                .isNotEqualTo(draws(new Sampling(1, 0, 1, 1, 6), scores, 50));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void drawsFollowTheProbabilities(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] scores = new float[30];
        for (int i = 0; i < scores.length; i++) scores[i] = (float) random.nextGaussian();
        Sampling sampling = new Sampling(0.8, 20, 0.95, 1, seed);
        float[] probabilities = probabilities(scores, sampling);
        int n = 20_000;

        int[] counts = new int[30];
        for (int token : draws(sampling, scores, n)) counts[token]++;

        double chiSquare = 0;
        int kept = 0;
        for (int i = 0; i < 30; i++) {
            if (probabilities[i] == 0) {
                assertThat(counts[i]).isZero();
            } else {
                double expected = n * probabilities[i];
                chiSquare += (counts[i] - expected) * (counts[i] - expected) / expected;
                kept++;
            }
        }
        // Mean k-1, variance 2(k-1): five standard deviations, passed by chance less than once in a million.
        assertThat(kept).isBetween(5, 20);
        assertThat(chiSquare).isLessThan(kept - 1 + 5 * Math.sqrt(2.0 * (kept - 1)));
    }

    @Test
    void paddingIsNeverChosenHoweverLargeItsScore() {
        float[] scores = new float[20];
        Arrays.fill(scores, 10, 20, 1e4f);
        for (Sampling sampling : new Sampling[] {Sampling.GREEDY, PLAIN, new Sampling(2, 3, 0.5, 1.3, 1)}) {
            Sampler sampler = new Sampler(sampling, 10);
            for (int i = 0; i < 500; i++)
                assertThat(sampler.choose(Logits.of(scores, null), i)).isLessThan(10);
        }
        // By id, not by row.
        Logits restricted = Logits.of(new float[] {9, 1, 8}, new int[] {12, 3, 10});
        assertThat(new Sampler(Sampling.GREEDY, 10).choose(restricted, 0)).isEqualTo(3);
        assertThat(new Sampler(PLAIN, 10).choose(restricted, 0)).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-3, 1e-30, 1e-60, Double.MIN_VALUE})
    void coldDrawIsTheGreedyChoice(double temperature) {
        Logits logits = Logits.of(new float[] {1, -40, 30, 29.9f, 100}, null);

        assertThat(new Sampler(new Sampling(temperature, 0, 1, 1, 3), 4).choose(logits, 0))
                .isEqualTo(2);
    }

    @Test
    void repetitionPenaltyLowersWhatWasSeenOnce() {
        Sampler sampler = new Sampler(new Sampling(0, 0, 1, 2, 0), 10);
        sampler.observe(0);
        // Three times, but punished once: 6/2 stays above 2.
        for (int i = 0; i < 3; i++) sampler.observe(1);

        assertThat(sampler.choose(Logits.of(new float[] {9, 6, 4}, null), 0)).isEqualTo(0);
        assertThat(sampler.choose(Logits.of(new float[] {3, 6, 2}, null), 0)).isEqualTo(1);
        assertThat(sampler.choose(Logits.of(new float[] {7, 6, 4}, null), 0)).isEqualTo(2);
    }

    @Test
    void repetitionPenaltyDividesPositiveAndMultipliesNegativeScores() {
        Sampler sampler = new Sampler(new Sampling(0, 0, 1, 2, 0), 10);
        sampler.observe(0);

        // -1 becomes -2, so -1.5 wins; divided it would be -0.5.
        assertThat(sampler.choose(Logits.of(new float[] {-1, -1.5f}, null), 0)).isEqualTo(1);
        assertThat(sampler.choose(Logits.of(new float[] {-1, -2.5f}, null), 0)).isEqualTo(0);
        // 3 becomes 1.5.
        assertThat(sampler.choose(Logits.of(new float[] {3, 1.6f}, null), 0)).isEqualTo(1);
        assertThat(sampler.choose(Logits.of(new float[] {3, 1.4f}, null), 0)).isEqualTo(0);
    }

    @Test
    void choosingLeavesTheScoresAlone() {
        float[] scores = {1, 2, 3};
        Sampler sampler = new Sampler(new Sampling(0.5, 2, 0.9, 1.5, 0), 2);
        sampler.observe(1);

        sampler.choose(Logits.of(scores, null), 0);

        assertThat(scores).containsExactly(1, 2, 3);
    }

    @Test
    void topKKeepsTiesAndTopPTheLargestAlways() {
        assertThat(probabilities(new float[] {1, 1, 1, 0}, new Sampling(1, 2, 1, 1, 0)))
                .usingComparatorWithPrecision(1e-6f)
                .containsExactly(1 / 3f, 1 / 3f, 1 / 3f, 0);
        assertThat(probabilities(new float[] {0, 3, 0}, new Sampling(1, 0, 1e-9, 1, 0)))
                .containsExactly(0, 1, 0);
        assertThat(probabilities(new float[] {0, 3, 0}, new Sampling(1, 1, 1, 1, 0)))
                .containsExactly(0, 1, 0);
        assertThat(probabilities(new float[] {2, 2}, new Sampling(1, 5, 1, 1, 0)))
                .containsExactly(0.5f, 0.5f);
    }

    @Test
    void parametersOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new Sampling(-1, 0, 1, 1, 0)).hasMessage("temperature: expected 0 or more, got -1.0");
        assertThatThrownBy(() -> new Sampling(Double.NaN, 0, 1, 1, 0)).hasMessageStartingWith("temperature");
        assertThatThrownBy(() -> new Sampling(1, -1, 1, 1, 0)).hasMessageStartingWith("top-k: expected 0 or more");
        assertThatThrownBy(() -> new Sampling(1, 0, 0, 1, 0)).hasMessageStartingWith("top-p: expected above 0");
        assertThatThrownBy(() -> new Sampling(1, 0, 1.01, 1, 0)).hasMessageStartingWith("top-p: expected above 0");
        assertThatThrownBy(() -> new Sampling(1, 0, 1, 0, 0)).hasMessageStartingWith("repetition penalty");
    }

    @Test
    void memoryOfAnEarlierTokenDoesNotShowInTheNextOne() {
        Sampling sampling = new Sampling(0.7, 6, 0.8, 1, 0);
        Distribution kept = new Distribution(sampling);
        SplittableRandom random = new SplittableRandom(4);
        for (int rows : new int[] {5, 40, 9, 1, 40, 7}) {
            float[] scores = new float[rows];
            for (int i = 0; i < rows; i++) scores[i] = (float) random.nextGaussian();

            assertThat(probabilities(kept, scores)).isEqualTo(probabilities(scores, sampling));
        }
    }

    @Test
    void topPDropsTheLowestIdsFirstOnTies() {
        assertThat(probabilities(new float[] {1, 0, 1, 0, 1}, new Sampling(1, 0, 0.5, 1, 0)))
                .containsExactly(0, 0, 0.5f, 0, 0.5f);
    }

    private static float[] probabilities(float[] scores, Sampling sampling) {
        return probabilities(new Distribution(sampling), scores);
    }

    private static float[] probabilities(Distribution distribution, float[] scores) {
        System.arraycopy(scores, 0, distribution.scores(scores.length), 0, scores.length);
        distribution.compute();
        float[] probabilities = new float[scores.length];
        for (int i = 0; i < scores.length; i++) probabilities[i] = distribution.probability(i);
        return probabilities;
    }

    private static int greedy(float... scores) {
        return new Sampler(Sampling.GREEDY, scores.length).choose(Logits.of(scores, null), 0);
    }

    private static int[] draws(Sampling sampling, float[] scores, int n) {
        Sampler sampler = new Sampler(sampling, scores.length);
        return IntStream.range(0, n)
                .map(position -> sampler.choose(Logits.of(scores, null), position))
                .toArray();
    }
}
