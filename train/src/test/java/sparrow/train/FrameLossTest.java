package sparrow.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.interleave.Modality;
import sparrow.engine.transformer.Logits;
import sparrow.formats.BadFileException;
import sparrow.models.OpenOptions;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.family.FrameHeads;
import sparrow.study.folder.MixedNumerics;
import sparrow.study.run.RunProgress;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;
import sparrow.train.TrainingSettings.FrameTarget;
import sparrow.train.harvest.ForgedStore;
import sparrow.train.harvest.Harvest;
import sparrow.train.harvest.HarvestPrompt;
import sparrow.train.harvest.HarvestSettings;
import sparrow.train.harvest.HarvestStore;
import sparrow.train.harvest.HeadVocabulary;
import sparrow.train.harvest.Positions;
import sparrow.train.harvest.StoredReply;
import sparrow.train.harvest.Targets;

/** Heads of frames on harvests of the tiny LFM2.5-Audio checkpoints, whose weights are random. */
@Tag("full")
class FrameLossTest {
    private static final Path SETS = Path.of(System.getProperty("sparrow.testdata"), "lfm2-audio");
    private static final int FRAMES = 8;

    @TempDir
    private Path folder;

    private final ComputePool pool = new ComputePool(1);
    private final Kernels kernels = Kernels.create(pool);

    @AfterEach
    void release() {
        pool.close();
    }

    private SpokenModel open(String set) throws IOException {
        return SpokenModels.open(SETS.resolve(set), OpenOptions.NONE, kernels);
    }

    private HarvestStore harvest(SpokenModel model, Targets targets) throws IOException {
        HarvestSettings settings = new HarvestSettings(List.of(2), targets, model.defaultSampling(), 20, 2);
        List<HarvestPrompt> prompts = IntStream.range(0, 2)
                .<HarvestPrompt>mapToObj(
                        i -> new HarvestPrompt.Line("line " + i, "" + i, new Question.Typed("say " + i)))
                .toList();
        new Harvest(model, settings, prompts).into(folder, Long.MAX_VALUE, MixedNumerics.REFUSED, RunProgress.NONE);
        return HarvestStore.open(folder);
    }

    private static Positions frames(HarvestStore store) {
        Positions all = Positions.of(store.replies(), number -> true, HeadVocabulary.FRAMES);
        assertThat(all.size()).isGreaterThanOrEqualTo(FRAMES);
        return all.range(0, FRAMES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b"})
    void aStoreHoldsCodesWhereThereAreFramesAndTokensWhereThereIsText(String set) throws IOException {
        try (SpokenModel model = open(set);
                HarvestStore store = harvest(model, Targets.EXACT)) {
            FrameHeads heads = model.frameHeads().orElseThrow();
            assertThat(store.positions(Modality.SPEECH)).isPositive();
            for (StoredReply reply : store.replies()) {
                for (int at = 0; at < reply.positions(); at++) {
                    boolean frame = reply.modality(at) == Modality.SPEECH;
                    assertThat(reply.isFrame(at)).isEqualTo(frame);
                    assertThat(reply.token(at) == -1).isEqualTo(frame);
                    assertThat(reply.choice(at) == -1).isEqualTo(frame);
                    assertThat(Arrays.stream(reply.codes(at)).allMatch(code -> code == -1))
                            .isNotEqualTo(frame);
                    assertThat(reply.codes(at)).hasSize(heads.codebooks());
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"codes, 2049", "codes, -1", "tokens, 3", "choices, 0"})
    void aStoreOfOtherNumbersIsRefused(String tensor, int value) throws IOException {
        int frame;
        try (SpokenModel model = open("b");
                HarvestStore store = harvest(model, Targets.EXACT)) {
            frame = frames(store).at()[0];
            if (tensor.equals("codes"))
                frame *= model.frameHeads().orElseThrow().codebooks();
        }
        ForgedStore.put(folder, tensor, frame, value);

        assertThatThrownBy(() -> HarvestStore.open(folder))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("tensor " + tensor + ": position ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b"})
    void allCodebooksAtOnceHaveTheScoresOfOneAfterTheOther(String set) throws IOException {
        try (SpokenModel model = open(set);
                HarvestStore store = harvest(model, Targets.EXACT)) {
            FrameHeads heads = model.frameHeads().orElseThrow();
            Positions some = frames(store);
            Block inputs = inputs(model, store, some);
            DepthPass pass = new DepthPass(heads);

            pass.forward(inputs, some);

            for (int i = 0; i < FRAMES; i++) {
                float[] input = Arrays.copyOfRange(inputs.data(), i * inputs.columns(), (i + 1) * inputs.columns());
                List<Logits> expected =
                        heads.scores(input, Arrays.stream(some.codes(i)).boxed().toList());
                for (int codebook = 0; codebook < expected.size(); codebook++) {
                    Block scores = pass.scores(codebook);
                    assertThat(Arrays.copyOfRange(scores.data(), i * heads.codes(), (i + 1) * heads.codes()))
                            .as("frame %d, codebook %d", i, codebook)
                            .containsExactly(expected.get(codebook).values(), within(1e-4f));
                }
            }
        }
    }

    /**
     * Losses are sums of f32 scores: a loss of 300 carries an error of about 1e-5. Over a distance of 4e-2 it changes a slope
     * by 2e-4, and the third derivative changes a slope of 12 by 6e-4.
     */
    @ParameterizedTest
    @CsvSource({"a, CODES", "b, CODES", "a, INPUTS", "b, INPUTS"})
    void gradientsAreTheSlopesOfTheLoss(String set, FrameTarget target) throws IOException {
        SplittableRandom random = new SplittableRandom(5);
        try (SpokenModel model = open(set);
                HarvestStore store = harvest(model, Targets.EXACT)) {
            Positions some = frames(store);
            Block inputs = inputs(model, store, some);
            for (int i = 0; i < inputs.data().length; i++) inputs.data()[i] += (float) (0.3 * random.nextGaussian());
            FrameLoss loss = new FrameLoss(store.metadata(), model, target);
            Block gradient = copy(inputs);
            loss(loss, gradient, some);

            for (int trial = 0; trial < 4; trial++) {
                float[] direction = trial == 0 ? gradient.data().clone() : numbers(random, inputs.data().length);
                double length = Math.sqrt(dot(direction, direction));
                for (int i = 0; i < direction.length; i++) direction[i] /= (float) length;

                double ahead = moved(loss, inputs, direction, 2e-2f, some);
                double behind = moved(loss, inputs, direction, -2e-2f, some);

                double slope = dot(gradient.data(), direction);
                assertThat((ahead - behind) / 4e-2).isCloseTo(slope, within(5e-4 + 2e-3 * Math.abs(slope)));
                assertThat(slope).isNotZero();
            }
        }
    }

    @Test
    void likeliestTokensAloneAreNoTargetsOfFrames() throws IOException {
        try (SpokenModel model = open("a")) {
            assertThatThrownBy(() -> harvest(model, new Targets(4)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("targets: expected exact for a model whose speech is frames, got topk:4");
        }
    }

    /** The output of the model's own head on the states after layer 2. */
    private static Block inputs(SpokenModel model, HarvestStore store, Positions some) {
        FrameHeads heads = model.frameHeads().orElseThrow();
        int width = store.metadata().width();
        float[] states = new float[FRAMES * width];
        some.states(2, states, width);
        List<float[]> inputs = new ArrayList<>();
        for (int i = 0; i < FRAMES; i++) {
            float[] state = Arrays.copyOfRange(states, i * width, (i + 1) * width);
            inputs.addAll(heads.inputs(
                    store.metadata().modelLayers(),
                    List.of(model.languageModel().transformer().state(state))));
        }
        Block block = Block.of(new float[FRAMES * inputs.getFirst().length], FRAMES, inputs.getFirst().length);
        for (int i = 0; i < FRAMES; i++) {
            System.arraycopy(inputs.get(i), 0, block.data(), i * block.columns(), block.columns());
        }
        return block;
    }

    private static Block copy(Block block) {
        return Block.of(block.data().clone(), block.rows(), block.columns());
    }

    /** The loss; the inputs become its gradient. */
    private static double loss(FrameLoss loss, Block inputs, Positions some) {
        double[] weights = new double[FRAMES];
        for (int i = 0; i < FRAMES; i++) weights[i] = (1.0 + i) / FRAMES;
        double[] losses = loss.gradient(inputs, some, weights);
        return IntStream.range(0, FRAMES)
                .mapToDouble(i -> weights[i] * losses[i])
                .sum();
    }

    private static double moved(FrameLoss loss, Block inputs, float[] direction, float way, Positions some) {
        Block moved = copy(inputs);
        for (int i = 0; i < direction.length; i++) moved.data()[i] += way * direction[i];
        return loss(loss, moved, some);
    }

    private static float[] numbers(SplittableRandom random, int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = (float) random.nextGaussian();
        return values;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += (double) a[i] * b[i];
        return sum;
    }
}
