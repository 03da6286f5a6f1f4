package sparrow.engine.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.transformer.Logits;
import sparrow.testing.Seeds;

/** Whoever chooses for a position does it with the same noise: what a draft needs to be right. */
class CommonNoiseTest {
    private static final int TOKENS = 40;

    static LongStream seeds() {
        return Seeds.drawn(41);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theChoiceIsTheLargestOfLogarithmPlusGumbelNoise(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Sampling sampling = shaped(random);
        Sampler sampler = new Sampler(sampling, TOKENS);
        for (int position = 0; position < 200; position++) {
            Logits logits = logits(random);

            int chosen = sampler.choose(logits, position);

            Distribution p = sampler.distribution(logits);
            double[] keys = new double[TOKENS];
            for (int token = 0; token < TOKENS; token++) {
                double gumbel =
                        -Math.log(-Math.log(Noise.at(sampling.seed(), position).uniform(token)));
                keys[token] = p.probability(token) == 0 ? Double.NEGATIVE_INFINITY : Math.log(p.weight(token)) + gumbel;
            }
            int largest = IntStream.range(0, TOKENS)
                    .reduce((a, b) -> keys[b] > keys[a] ? b : a)
                    .orElseThrow();
            assertThat(chosen).isEqualTo(largest);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aChoiceDoesNotDependOnWhatWasChosenBefore(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Sampling sampling = shaped(random);
        Logits[] positions = new Logits[50];
        for (int i = 0; i < positions.length; i++) positions[i] = logits(random);
        Sampler forwards = new Sampler(sampling, TOKENS);
        int[] expected = new int[positions.length];
        for (int i = 0; i < positions.length; i++) expected[i] = forwards.choose(positions[i], i);

        Sampler anyOrder = new Sampler(sampling, TOKENS);
        for (int n = 0; n < 200; n++) {
            int i = random.nextInt(positions.length);
            assertThat(anyOrder.choose(positions[i], i)).isEqualTo(expected[i]);
        }
        assertThat(expected)
                .isNotEqualTo(IntStream.range(0, positions.length)
                        .map(i -> anyOrder.choose(positions[i], i + 1))
                        .toArray());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void rowsThatCannotBeChosenAndTheOrderOfRowsDoNotCount(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Sampling sampling = new Sampling(0.9, 12, 1, 1, seed);
        Sampler sampler = new Sampler(sampling, TOKENS);
        for (int position = 0; position < 100; position++) {
            Logits all = logits(random);
            Distribution p = sampler.distribution(all);
            int[] support = IntStream.range(0, TOKENS)
                    .filter(token -> p.probability(token) > 0)
                    .toArray();
            shuffle(support, random);
            float[] scores = new float[support.length];
            for (int row = 0; row < scores.length; row++) scores[row] = all.values()[support[row]];

            assertThat(support).hasSize(12);
            assertThat(sampler.choose(Logits.of(scores, support), position)).isEqualTo(sampler.choose(all, position));
        }
    }

    /**
     * With common Gumbel noise two distributions choose token i together with probability 1 / sum_j max(p_j / p_i, q_j / q_i),
     * and so anything together with at least (1 - D) / (1 + D), D their total variation.
     */
    @ParameterizedTest
    @MethodSource("seeds")
    void aDraftIsAcceptedAtLeastAsOftenAsTotalVariationAllows(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Sampling sampling = new Sampling(0.8, 25, 0.95, 1, seed);
        Logits full = logits(random);
        float[] others = full.values().clone();
        double distance = random.nextDouble();
        for (int i = 0; i < TOKENS; i++) others[i] += (float) (distance * random.nextGaussian());
        Logits early = Logits.of(others, null);
        Sampler verifier = new Sampler(sampling, TOKENS);
        Sampler drafter = new Sampler(sampling, TOKENS);
        double[] p = probabilities(verifier.distribution(full));
        double[] q = probabilities(drafter.distribution(early));

        int n = 20_000;
        int accepted = 0;
        for (int position = 0; position < n; position++) {
            if (verifier.choose(full, position) == drafter.choose(early, position)) accepted++;
        }

        // Hoeffding: a frequency of n trials is off by t or more with probability 2 exp(-2 n t^2) at most, here 2e-8.
        double margin = Math.sqrt(Math.log(1e8) / (2 * n));
        double variation = variation(p, q);
        double together = (double) accepted / n;
        assertThat(together).isGreaterThan((1 - variation) / (1 + variation) - margin);
        assertThat(together).isCloseTo(together(p, q), within(margin));
        // Draws that know nothing of one another would be far from it, unless one token has nearly all probability.
        double strangers =
                IntStream.range(0, TOKENS).mapToDouble(i -> p[i] * q[i]).sum();
        if (together(p, q) > strangers + 3 * margin) assertThat(together).isGreaterThan(strangers + 2 * margin);
    }

    private static Sampling shaped(SplittableRandom random) {
        long seed = random.nextLong();
        return new Sampling(
                0.5 + random.nextDouble(), 2 + random.nextInt(TOKENS), 0.6 + 0.4 * random.nextDouble(), 1, seed);
    }

    private static Logits logits(SplittableRandom random) {
        float[] scores = new float[TOKENS];
        for (int i = 0; i < TOKENS; i++) scores[i] = (float) (1.5 * random.nextGaussian());
        return Logits.of(scores, null);
    }

    private static double[] probabilities(Distribution distribution) {
        return IntStream.range(0, TOKENS).mapToDouble(distribution::probability).toArray();
    }

    private static double variation(double[] p, double[] q) {
        return IntStream.range(0, TOKENS)
                        .mapToDouble(i -> Math.abs(p[i] - q[i]))
                        .sum()
                / 2;
    }

    private static double together(double[] p, double[] q) {
        double together = 0;
        for (int i = 0; i < TOKENS; i++) {
            if (p[i] == 0 || q[i] == 0) continue;
            double sum = 0;
            for (int j = 0; j < TOKENS; j++) sum += Math.max(p[j] / p[i], q[j] / q[i]);
            together += 1 / sum;
        }
        return together;
    }

    private static void shuffle(int[] values, SplittableRandom random) {
        for (int i = values.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int value = values[i];
            values[i] = values[other];
            values[other] = value;
        }
    }
}
