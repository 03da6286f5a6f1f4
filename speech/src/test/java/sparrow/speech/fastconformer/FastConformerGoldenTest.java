package sparrow.speech.fastconformer;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.speech.Golden.LFM;
import static sparrow.speech.Golden.assertClose;
import static sparrow.speech.Golden.transposed;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Safetensors;
import sparrow.speech.Goldens;
import sparrow.speech.layers.Probe;
import sparrow.speech.layers.Subsampling;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.DType;
import sparrow.tensor.kernel.Activation;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** Every recorded value of the official encoder and adapter on tiny random weights of two shapes. */
class FastConformerGoldenTest {
    /** The tolerance that the golden data states. */
    private static final float TOLERANCE = 2e-5f;

    /** The same from the file on. */
    private static final float FROM_WAV = 5e-5f;

    private static ComputePool pool;
    private static Checkpoint mels;

    /** Random checkpoints of the published layout. */
    enum Shape {
        A("a", Goldens.LFM_ENCODER),
        B("b", new FastConformerConfig(128, 40, 4, 3, 6, 120, 5, 48));

        private final String folder;
        private final FastConformerConfig config;

        Shape(String folder, FastConformerConfig config) {
            this.folder = folder;
            this.config = config;
        }

        FastConformer load() throws IOException {
            try (Checkpoint checkpoint = Safetensors.open(LFM.resolve(folder).resolve("model.safetensors"))) {
                return FastConformer.load(config, checkpoint, Kernels.create(pool));
            }
        }

        Checkpoint golden() throws IOException {
            return Safetensors.open(LFM.resolve("expected").resolve(folder).resolve("encoder.safetensors"));
        }
    }

    @BeforeAll
    static void open() throws IOException {
        pool = ComputePool.ofMachine();
        mels = Safetensors.open(LFM.resolve("expected/a/mel.safetensors"));
    }

    @AfterAll
    static void close() {
        mels.close();
        pool.close();
    }

    /** The first columns of a recorded mel. */
    private static Block features(String name, int frames) {
        int bins = mels.tensor(name).shape().getFirst();
        float[] values = transposed(mels.tensor(name).toFloats(), bins);
        return Block.of(Arrays.copyOf(values, frames * bins), frames, bins);
    }

    @ParameterizedTest
    @EnumSource
    void runsEveryStage(Shape shape) throws IOException {
        try (FastConformer encoder = shape.load();
                Checkpoint golden = shape.golden()) {
            for (String name : List.of("speech", "tiny")) {
                int frames = golden.tensor(name + ".mel_frames").toInts()[0];
                Map<String, Block> seen = new HashMap<>();

                float[] rows = encoder.encode(
                        features(name.equals("tiny") ? "cut1300.mel" : "a_speech16k.mel", frames),
                        (stage, x) -> seen.put(stage, Block.of(Goldens.copy(x), x.rows(), x.columns())));

                for (String recorded : golden.names()) {
                    if (!recorded.startsWith(name + ".") || recorded.endsWith(".mel_frames")) continue;
                    float[] expected = golden.tensor(recorded).toFloats();
                    String stage = recorded.substring(name.length() + 1);
                    float[] actual = stage.equals("adapter") ? rows : stage(seen, stage, shape);
                    assertClose(shape + " " + recorded, actual, expected, TOLERANCE);
                }
            }
        }
    }

    /** A stage by its name in the recording: images have the channels in front there. */
    private static float[] stage(Map<String, Block> seen, String stage, Shape shape) {
        if (stage.startsWith("conv")) {
            Block image = seen.get("conv." + stage.substring("conv".length()));
            assertThat(image.columns()).isEqualTo(shape.config.channels());
            return transposed(image.data(), image.rows());
        }
        String name = stage.startsWith("layer") ? "conformer.layers." + stage.substring("layer".length()) : stage;
        assertThat(seen).as(stage).containsKey(name);
        return seen.get(name).data();
    }

    @ParameterizedTest(name = "{0} of {1}")
    @CsvSource({
        "whole, A, a_speech16k", "whole, B, a_speech16k", "second, A, b_second24k", "second, B, b_second24k",
        "batch0, A, a_speech16k", "batch0, B, a_speech16k", "batch1, A, b_second24k", "batch1, B, b_second24k"
    })
    void hearsWholeUtterances(String name, Shape shape, String wav) throws IOException {
        Waveform sound = WavFile.read(LFM.resolve("wav").resolve(wav + ".wav"));
        try (FastConformer encoder = shape.load();
                Checkpoint golden = shape.golden()) {
            float[] expected = golden.tensor(name + ".adapter").toFloats();
            int frames = golden.tensor(name + ".mel_frames").toInts()[0];

            assertClose("from mel", encoder.encode(features(wav + ".mel", frames), Probe.NONE), expected, TOLERANCE);
            assertClose("from wav", encoder.encode(sound), expected, FROM_WAV);
            assertThat(FastConformer.positions(sound.at(16_000).samples().length) * encoder.outputWidth())
                    .isEqualTo(expected.length);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16", "Q8_0", "Q4_0"})
    void everyTypeOfWeightsHearsAsItsNumbersDo(DType type) throws IOException {
        Block features = features("a_speech16k.mel", 163);
        try (FastConformer stored = rounded(type, false);
                FastConformer widened = rounded(type, true)) {
            assertClose(
                    "" + type, stored.encode(features, Probe.NONE), widened.encode(features, Probe.NONE), TOLERANCE);
        }
    }

    private static FastConformer rounded(DType type, boolean widened) throws IOException {
        Checkpoint model = Safetensors.open(LFM.resolve("a/model.safetensors"));
        try (Checkpoint checkpoint = new Goldens.Rounded(model, type, widened, Arena.ofAuto())) {
            return FastConformer.load(Goldens.LFM_ENCODER, checkpoint, Kernels.create(pool));
        }
    }

    /** More rows than are subsampled together: every frame of a piece sees its neighbours of the next. */
    @Test
    void longSoundIsSubsampledInPieces() throws IOException {
        int frames = 1301;
        float[] values = new float[frames * 128];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < values.length; i++) values[i] = (float) random.nextGaussian();
        try (Checkpoint checkpoint = Safetensors.open(LFM.resolve("a/model.safetensors"))) {
            Subsampling subsampling = new Subsampling(
                    Goldens.reader(checkpoint),
                    "conformer.pre_encode.",
                    128,
                    Goldens.LFM_ENCODER.channels(),
                    Goldens.LFM_ENCODER.width(),
                    Activation.RELU,
                    Subsampling.Axes.TIME_FIRST);

            float[] whole =
                    subsampling.of(Block.of(values, frames, 128), Probe.NONE).data();

            // Row r sees the frames from 8 r - 7 on, and the cut ends where no later piece begins.
            int first = 8 * 30;
            float[] end = Arrays.copyOfRange(values, first * 128, values.length);
            float[] rest = subsampling
                    .of(Block.of(end, frames - first, 128), Probe.NONE)
                    .data();
            int width = Goldens.LFM_ENCODER.width();
            assertThat(whole).hasSize(163 * width);
            assertClose(
                    "rows from 31 on",
                    Arrays.copyOfRange(whole, 31 * width, whole.length),
                    Arrays.copyOfRange(rest, width, rest.length),
                    TOLERANCE);
        }
    }
}
