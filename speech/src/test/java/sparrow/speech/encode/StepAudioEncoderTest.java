package sparrow.speech.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sparrow.speech.Golden.STEP;
import static sparrow.speech.Golden.assertClose;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.MissingTensorException;
import sparrow.formats.weights.SafetensorsFolder;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Probe;
import sparrow.tensor.Tensor;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

class StepAudioEncoderTest {
    private static final AudioEncoderConfig CONFIG = AudioEncoderGoldenTest.CONFIG;

    private ComputePool pool;
    private Kernels kernels;
    private Checkpoint checkpoint;
    private StepAudioEncoder encoder;

    @BeforeEach
    void open() throws IOException {
        pool = ComputePool.ofMachine();
        kernels = Kernels.create(pool);
        checkpoint = SafetensorsFolder.open(STEP.resolve("ckpt"));
        encoder = StepAudioEncoder.load(CONFIG, checkpoint, kernels);
    }

    @AfterEach
    void close() {
        encoder.close();
        checkpoint.close();
        pool.close();
    }

    private static float[] noise(int samples) {
        SplittableRandom random = new SplittableRandom(samples);
        float[] noise = new float[samples];
        for (int i = 0; i < samples; i++) noise[i] = (float) random.nextDouble(-0.5, 0.5);
        return noise;
    }

    /** Every remainder of the lengths: what is left out must be what nothing depends on. */
    @ParameterizedTest(name = "beside a piece {0} frames longer")
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 50})
    void leavesOutNothingThatTheWholeBatchHasAnInfluenceOn(int longer) {
        for (int frames = 5; frames <= 24; frames++) {
            float[] piece = noise(160 * (frames - 2));

            float[] rows = encoder.encode(piece, frames + longer, Probe.NONE);

            // Two orders of summation, as in the goldens.
            assertClose(frames + " frames", rows, wholeBatch(piece, frames + longer), 2e-5f);
        }
    }

    /** The specification's text: all rows of the padded batch, the mask frame by frame, the first patches of all. */
    private float[] wholeBatch(float[] piece, int batchFrames) {
        int frames = AudioPieces.melFrames(piece.length);
        int positions = (batchFrames + 1) / 2;
        int valid = 0;
        while (2 * valid + (batchFrames + 1) % 2 < frames - 2) valid++;
        float[] features = Arrays.copyOf(encoder.features(piece).data(), batchFrames * CONFIG.melBins());
        try (Arena arena = Arena.ofShared()) {
            LayerReader reader = new LayerReader(checkpoint, kernels, arena, arena);
            Block hidden = new WhisperEncoder(reader, "encoder.", CONFIG.shape())
                    .run(
                            Block.of(features, batchFrames, CONFIG.melBins()),
                            new WhisperEncoder.Extent(batchFrames, positions, valid),
                            Probe.NONE);
            Block pooled = reader.norm("encoder.after_norm", CONFIG.width()).layers(WhisperEncoder.pooled(hidden, 2));
            int all = (positions / 2 - 1) / 2 + 1;
            float[] rows = new Adaptor(reader, CONFIG).patches(pooled, all).data();
            return Arrays.copyOf(rows, AudioPieces.patches(piece.length) * CONFIG.outputWidth());
        }
    }

    @Test
    void lastPatchReachesIntoThePaddingOfTheBatch() {
        float[] piece = noise(160 * 12); // three pooled frames: the second patch sees a fourth one
        int width = CONFIG.outputWidth();

        float[] alone = encoder.encode(List.of(piece)).getFirst();
        float[] batched = encoder.encode(List.of(piece, noise(160 * 112))).getFirst();

        // Both padded lengths are even, so that the same frames are valid.
        assertThat(alone).hasSize(2 * width);
        assertClose("first patch", Arrays.copyOf(batched, width), Arrays.copyOf(alone, width), 2e-5f);
        assertThat(Arrays.copyOfRange(batched, width, 2 * width))
                .isNotEqualTo(Arrays.copyOfRange(alone, width, 2 * width));
    }

    @Test
    void aPieceTooShortForAPatchHasNoRows() {
        assertThat(encoder.encode(List.of())).isEmpty();
        assertThat(encoder.encode(List.of(noise(100)))).containsExactly(new float[0]);

        List<float[]> rows = encoder.encode(List.of(noise(16_000), noise(1)));

        assertThat(rows).extracting(piece -> piece.length).containsExactly(13 * 64, 0);
    }

    @Test
    void refusesAPieceLongerThanTheTableOfPositions() {
        List<float[]> longest = List.of(new float[479_680]);
        List<float[]> longer = List.of(new float[16_000], new float[479_681]);

        assertThat(encoder.encode(longest).getFirst()).hasSize(AudioPieces.patches(479_680) * 64);
        assertThatThrownBy(() -> encoder.encode(longer))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("audio piece: expected at most 2 * n_audio_ctx = 3000 log-mel frames, got 3001"
                        + " (479681 samples)");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "encoder.conv1.weight",
                "encoder.positional_embedding.weight",
                "encoder.blocks.1.attn.key.weight",
                "encoder.blocks.1.mlp.2.bias",
                "encoder.after_norm.weight",
                "adapter.conv.bias",
                "adapter.linear1.weight",
                "adapter.linear2.bias"
            })
    void namesTheTensorThatIsMissing(String name) {
        assertThatThrownBy(() -> StepAudioEncoder.load(CONFIG, new Without(checkpoint, name), kernels))
                .isInstanceOf(MissingTensorException.class)
                .hasMessageContaining(name);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            value = {
                "80,1500,32,2,2,64; encoder.conv1.weight: expected shape [32, 80, 3], found [32, 128, 3]",
                "128,1499,32,2,2,64; encoder.positional_embedding.weight: expected shape [1499, 32], found [1500, 32]",
                "128,1500,32,2,2,72; adapter.linear2.weight: expected shape [72, 2048], found [64, 2048]"
            })
    void namesTheTensorThatHasAnotherShape(String sizes, String message) {
        assertThatThrownBy(() -> StepAudioEncoder.load(config(sizes), checkpoint, kernels))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            value = {
                "0,1500,32,2,2,64; n_mels: expected 1 to 16777216, got 0",
                "128,0,32,2,2,64; n_audio_ctx: expected 1 to 16777216, got 0",
                "128,1500,32,3,2,64; n_audio_head: expected a divisor of n_audio_state 32, got 3",
                "128,1500,32,2,0,64; n_audio_layer: expected 1 to 16777216, got 0",
                "128,1500,32,2,2,-1; llm_dim: expected 1 to 16777216, got -1"
            })
    void refusesSizesThatDoNotFitTogether(String sizes, String message) {
        assertThatThrownBy(() -> config(sizes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static AudioEncoderConfig config(String sizes) {
        int[] s = Arrays.stream(sizes.split(",")).mapToInt(Integer::parseInt).toArray();
        return new AudioEncoderConfig(s[0], s[1], s[2], s[3], s[4], s[5]);
    }

    /** A checkpoint that has lost a tensor. */
    private record Without(Checkpoint inner, String lost) implements Checkpoint {
        @Override
        public Path source() {
            return inner.source();
        }

        @Override
        public Set<String> names() {
            return inner.names().stream().filter(name -> !name.equals(lost)).collect(Collectors.toSet());
        }

        @Override
        public Tensor tensor(String name) {
            if (name.equals(lost)) throw new MissingTensorException(source(), name);
            return inner.tensor(name);
        }

        @Override
        public void close() {}
    }
}
