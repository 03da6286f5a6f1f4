package sparrow.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;
import sparrow.train.TargetBatch.SoftCrossEntropy;
import sparrow.train.TrainingSettings.HeadNorm;
import sparrow.train.TrainingSettings.HeadShape;
import sparrow.train.harvest.HarvestStore;
import sparrow.train.harvest.HeadVocabulary;
import sparrow.train.harvest.Planted;
import sparrow.train.harvest.Positions;
import sparrow.train.harvest.Targets;
import sparrow.train.optimiser.AdamW.Parameter;

/** Gradients against differences of the loss. */
class GradientTest {
    private static final int POSITIONS = 12;

    @TempDir
    private Path folder;

    private final Arena arena = Arena.ofShared();
    private final Kernels kernels = Kernels.create(ComputePool.ofMachine());
    private final SplittableRandom random = new SplittableRandom(3);
    private Planted planted;

    @BeforeEach
    void plant() {
        planted = new Planted(kernels, arena);
    }

    @AfterEach
    void release() {
        arena.close();
    }

    static List<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        for (HeadShape shape : List.of(new HeadShape.Full(), new HeadShape.LowRank(3), new HeadShape.Translator())) {
            for (HeadNorm norm : HeadNorm.values()) {
                for (HeadVocabulary vocabulary : List.of(HeadVocabulary.FULL, HeadVocabulary.SPEECH)) {
                    for (Targets targets : List.of(Targets.EXACT, new Targets(4))) {
                        cases.add(Arguments.of(shape, norm, vocabulary, targets));
                    }
                }
            }
        }
        return cases;
    }

    /**
     * Along the gradient and along random directions. Losses are sums of f32 scores of around 3, so their differences
     * carry an error of some 1e-6 each; over a way of 2e-2 that makes 1e-4, and what the way adds of third order is as
     * small.
     */
    @ParameterizedTest(name = "{0}, norm {1}, vocabulary {2}, {3}")
    @MethodSource("cases")
    void areTheSlopesOfTheLoss(HeadShape shape, HeadNorm norm, HeadVocabulary vocabulary, Targets targets)
            throws IOException {
        OutputRows output = vocabulary == HeadVocabulary.FULL
                ? OutputRows.all(planted.languageModel())
                : OutputRows.of(
                        planted.languageModel(),
                        planted.languageModel().tokens().allowedInSpeech(),
                        arena);
        TrainableHead head = TrainableHead.of(
                shape, output, InputNorm.of(norm, planted.languageModel().transformer()), random);
        for (Parameter parameter : head.parameters()) disturb(parameter.values());
        try (HarvestStore store = planted.store(folder.resolve("store"), 2, targets)) {
            Positions positions = Planted.positions(store).range(5, 5 + POSITIONS);
            VocabularyLoss loss = new VocabularyLoss(store.metadata(), output);
            loss(head, positions, loss, output, true);
            List<float[]> gradients =
                    head.parameters().stream().map(p -> p.gradient().clone()).toList();

            for (int trial = 0; trial < 4; trial++) {
                List<float[]> direction = trial == 0 ? unit(gradients) : unit(randomLike(gradients));
                double slope = 0;
                for (int i = 0; i < gradients.size(); i++) slope += dot(gradients.get(i), direction.get(i));

                double ahead = moved(head, direction, 1e-2, positions, loss, output);
                double behind = moved(head, direction, -1e-2, positions, loss, output);

                assertThat((ahead - behind) / 2e-2).isCloseTo(slope, within(5e-4 + 2e-3 * Math.abs(slope)));
                assertThat(slope).isNotZero();
            }
        }
    }

    @Test
    void crossEntropyAndEntropyOfAllTokensOneByOneAreThoseOfTheWholeDistribution() throws IOException {
        OutputRows output = OutputRows.all(planted.languageModel());
        float[] scores = new float[POSITIONS * output.rows()];
        for (int i = 0; i < scores.length; i++) scores[i] = (float) (3 * random.nextGaussian());
        try (HarvestStore exact = planted.store(folder.resolve("exact"), 1, Targets.EXACT);
                HarvestStore top =
                        new Planted(kernels, arena).store(folder.resolve("top"), 1, new Targets(Planted.VOCABULARY))) {
            TargetBatch whole = targets(exact, output);
            TargetBatch single = targets(top, output);

            double[] expected = losses(scores.clone(), whole, output);
            double[] actual = losses(scores.clone(), single, output);

            for (int i = 0; i < POSITIONS; i++) {
                // The exact targets come from states in f16: eleven bits of scores around 3.
                assertThat(actual[i]).isCloseTo(expected[i], within(2e-2));
                assertThat(single.entropy(i)).isCloseTo(whole.entropy(i), within(2e-2));
                assertThat(single.known(i)).isEqualTo(1);
            }
        }
    }

    private static TargetBatch targets(HarvestStore store, OutputRows output) {
        return new VocabularyLoss(store.metadata(), output)
                .targets(Planted.positions(store).range(0, POSITIONS));
    }

    private double[] losses(float[] scores, TargetBatch targets, OutputRows output) {
        return new SoftCrossEntropy(kernels)
                .gradient(Block.of(scores, POSITIONS, output.rows()), targets, new double[POSITIONS]);
    }

    private double loss(
            TrainableHead head, Positions positions, VocabularyLoss loss, OutputRows output, boolean gradients) {
        float[] states = new float[POSITIONS * Planted.WIDTH];
        positions.states(1, states, Planted.WIDTH);
        Block scores = Block.of(new float[POSITIONS * output.rows()], POSITIONS, output.rows());
        head.scores(Block.of(states, POSITIONS, Planted.WIDTH), scores);
        double[] weights = new double[POSITIONS];
        for (int i = 0; i < POSITIONS; i++) weights[i] = (1.0 + i) / POSITIONS;
        double[] losses = loss.gradient(scores, positions, weights);
        if (gradients) head.backward(scores);
        double sum = 0;
        for (int i = 0; i < POSITIONS; i++) sum += weights[i] * losses[i];
        return sum;
    }

    private double moved(
            TrainableHead head,
            List<float[]> direction,
            double way,
            Positions positions,
            VocabularyLoss loss,
            OutputRows output) {
        List<Parameter> parameters = head.parameters();
        List<float[]> before = parameters.stream().map(p -> p.values().clone()).toList();
        for (int i = 0; i < direction.size(); i++) {
            float[] values = parameters.get(i).values();
            for (int c = 0; c < values.length; c++)
                values[c] += (float) (way * direction.get(i)[c]);
        }
        double found = loss(head, positions, loss, output, false);
        for (int i = 0; i < direction.size(); i++) {
            System.arraycopy(before.get(i), 0, parameters.get(i).values(), 0, before.get(i).length);
        }
        return found;
    }

    private void disturb(float[] values) {
        for (int i = 0; i < values.length; i++) values[i] += (float) (0.1 * random.nextGaussian());
    }

    private List<float[]> randomLike(List<float[]> arrays) {
        List<float[]> random = arrays.stream().map(a -> new float[a.length]).toList();
        random.forEach(this::disturb);
        return random;
    }

    private static List<float[]> unit(List<float[]> arrays) {
        double squares = 0;
        for (float[] array : arrays) squares += dot(array, array);
        float scale = (float) (1 / Math.sqrt(squares));
        List<float[]> unit =
                arrays.stream().map(a -> Arrays.copyOf(a, a.length)).toList();
        for (float[] array : unit) for (int i = 0; i < array.length; i++) array[i] *= scale;
        return unit;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += (double) a[i] * b[i];
        return sum;
    }
}
