package sparrow.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;
import sparrow.train.DraftHeadTraining.DraftTrainingSettings;
import sparrow.train.TrainingRun.Objective;
import sparrow.train.harvest.HarvestStore;
import sparrow.train.harvest.Planted;
import sparrow.train.harvest.Positions;
import sparrow.train.optimiser.AdamW.Parameter;

/** Gradients through the steps of a random cell, against differences of the loss. */
class DraftGradientTest {
    private static final int POSITIONS = 40;

    @TempDir
    private Path folder;

    private final Arena arena = Arena.ofShared();
    private final ComputePool pool = ComputePool.ofMachine();
    private final Kernels kernels = Kernels.create(pool);
    private final SplittableRandom random = new SplittableRandom(23);
    private Planted planted;
    private HarvestStore store;

    @BeforeEach
    void plant() throws IOException {
        planted = new Planted(kernels, arena);
        store = planted.walk(folder.resolve("store"), 3, planted.draftHead(arena));
    }

    @AfterEach
    void release() {
        store.close();
        arena.close();
        pool.close();
    }

    /**
     * Of every parameter along its own gradient and along a random direction. Losses are means of f32 scores of around 3,
     * so their differences carry an error of some 1e-6; over a way of 1e-2 that makes 1e-4.
     */
    @ParameterizedTest(name = "{0} steps")
    @ValueSource(ints = {1, 2, 3, 5})
    void areTheSlopesOfTheLoss(int steps) throws IOException {
        DraftObjective training = new DraftObjective(
                store,
                new DraftTrainingSettings(steps, Planted.hyperparameters(1)),
                OutputRows.all(planted.languageModel()));
        for (Parameter parameter : training.parameters()) disturb(parameter.values(), 0.15);
        // The last positions of a reply have fewer steps before them, or none.
        Positions batch = Planted.positions(store).range(0, POSITIONS);
        training.backward(batch);
        List<float[]> gradients =
                training.parameters().stream().map(p -> p.gradient().clone()).toList();
        for (int i = 0; i < gradients.size(); i++) {
            float[] values = training.parameters().get(i).values();
            float[] any = new float[values.length];
            disturb(any, 1);
            for (float[] way : List.of(unit(gradients.get(i)), unit(any))) {
                double slope = 0;
                for (int c = 0; c < way.length; c++)
                    slope += (double) way[c] * gradients.get(i)[c];

                double measured =
                        (moved(training, values, way, 5e-3, batch) - moved(training, values, way, -5e-3, batch)) / 1e-2;

                assertThat(measured)
                        .as(training.parameters().get(i).name())
                        .isCloseTo(slope, within(2e-4 + 1e-3 * Math.abs(slope)));
            }
            double size = 0;
            for (float value : gradients.get(i)) size += (double) value * value;
            // Far above what the comparison forgives.
            assertThat(Math.sqrt(size)).isGreaterThan(0.02);
        }
    }

    private static double moved(DraftObjective training, float[] values, float[] way, double far, Positions batch) {
        float[] before = values.clone();
        for (int c = 0; c < values.length; c++) values[c] += (float) (far * way[c]);
        Objective.Loss loss = training.backward(batch);
        System.arraycopy(before, 0, values, 0, before.length);
        return loss.sum() / loss.weight();
    }

    private void disturb(float[] values, double scale) {
        for (int i = 0; i < values.length; i++) values[i] += (float) (scale * random.nextGaussian());
    }

    private static float[] unit(float[] values) {
        double squares = 0;
        for (float value : values) squares += (double) value * value;
        float[] unit = values.clone();
        for (int i = 0; i < unit.length; i++) unit[i] /= (float) Math.sqrt(squares);
        return unit;
    }
}
