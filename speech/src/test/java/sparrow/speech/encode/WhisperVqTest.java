package sparrow.speech.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sparrow.speech.Golden.GLM;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.function.UnaryOperator;
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
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.Tensor;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

class WhisperVqTest {
    private static final WhisperVqConfig CONFIG = GoldenEncoderTest.CONFIG;

    private ComputePool pool;
    private Kernels kernels;
    private Checkpoint checkpoint;
    private Waveform question;

    @BeforeEach
    void open() throws IOException {
        pool = ComputePool.ofMachine();
        kernels = Kernels.create(pool);
        checkpoint = SafetensorsFolder.open(GLM.resolve("speech_tokenizer"));
        question = WavFile.read(GLM.resolve("audio/input_16k.wav"));
    }

    @AfterEach
    void close() {
        checkpoint.close();
        pool.close();
    }

    private int[] encode(Waveform waveform) {
        try (WhisperVq encoder = WhisperVq.load(CONFIG, checkpoint, kernels)) {
            return encoder.encode(waveform);
        }
    }

    private Waveform cut(int samples) {
        return new Waveform(Arrays.copyOf(question.samples(), samples), 16_000);
    }

    @ParameterizedTest(name = "{0} samples give {1} codes")
    @CsvSource({"0, 0", "1, 1", "1280, 1", "1281, 2", "16000, 13"})
    void aCodeBeginsEvery80Milliseconds(int samples, int codes) {
        assertThat(encode(cut(samples))).hasSize(codes);
    }

    @Test
    void a30SecondPieceIsFullAndTheNextSampleBeginsAnother() {
        float[] samples = new float[480_001];
        for (int i = 0; i < samples.length; i++) samples[i] = question.samples()[i % question.samples().length];

        int[] codes = encode(new Waveform(samples, 16_000));

        assertThat(codes).hasSize(376);
        assertThat(Arrays.copyOf(codes, 375))
                .containsExactly(encode(new Waveform(Arrays.copyOf(samples, 480_000), 16_000)));
        assertThat(codes[375]).isEqualTo(encode(new Waveform(new float[] {samples[480_000]}, 16_000))[0]);
    }

    @ParameterizedTest(name = "after {0} samples")
    @ValueSource(ints = {0, 1, 12_799, 12_800, 12_801, 25_600, 31_000, 480_000, 492_799, 492_800, 500_000})
    void codesOfWholeBlocksStayHoweverTheSoundGoesOnUnlessItGrowsLouder(int samples) {
        float[] whole = new float[520_000];
        for (int i = 0; i < whole.length; i++) {
            float quieter = i < samples ? 1 : 0.3f;
            whole[i] = quieter * question.samples()[i % question.samples().length];
        }
        // Both pieces begin with the loudest sound that there is.
        for (int piece = 0; piece < whole.length; piece += 480_000) {
            for (int i = 0; i < 400; i++) whole[piece + i] = i / 8 % 2 == 0 ? 1 : -1;
        }
        Waveform soFar = new Waveform(Arrays.copyOf(whole, samples), 16_000);
        try (WhisperVq encoder = WhisperVq.load(CONFIG, checkpoint, kernels)) {
            int[] stable = encoder.encodeStablePrefix(soFar);

            // Ten codes a block of 0.8 s; a piece of 30 s ends in half a block.
            assertThat(stable)
                    .hasSize(samples < 480_000 ? samples / 12_800 * 10 : 375 + (samples - 480_000) / 12_800 * 10);
            assertThat(Arrays.copyOf(encoder.encode(new Waveform(whole, 16_000)), stable.length))
                    .containsExactly(stable);
        }
    }

    @Test
    void acceptsNamesWithThePrefixOfTheOldLayout() {
        Checkpoint prefixed = new Renamed(checkpoint, "model.encoder."::concat, name -> name.substring(14));

        try (WhisperVq encoder = WhisperVq.load(CONFIG, prefixed, kernels)) {
            assertThat(encoder.encode(question)).containsExactly(encode(question));
        }
    }

    @Test
    void namesTheTensorThatIsMissingOrMisshapen() {
        WhisperVqConfig deeper = new WhisperVqConfig(128, 40, 4, 96, 4, 40, 4, 64, 1500);
        WhisperVqConfig wider = new WhisperVqConfig(128, 40, 4, 100, 3, 40, 4, 64, 1500);

        assertThatThrownBy(() -> WhisperVq.load(deeper, checkpoint, kernels))
                .isInstanceOf(MissingTensorException.class)
                .hasMessageContaining("layers.3.self_attn_layer_norm.weight");
        assertThatThrownBy(() -> WhisperVq.load(wider, checkpoint, kernels))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("tensor layers.0.fc1.weight: expected shape [100, 40], found [96, 40]");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {"0,40,4,1500,4", "128,42,4,1500,4", "128,40,4,1499,4", "128,40,4,1500,7", "128,40,4,1500,0"})
    void refusesSizesThatDoNotFitTogether(String sizes) {
        int[] s = Arrays.stream(sizes.split(",")).mapToInt(Integer::parseInt).toArray();

        assertThatThrownBy(() -> new WhisperVqConfig(s[0], s[1], s[2], 96, 3, 40, s[4], 64, s[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("[a-z_]+: expected .*, got \\d+");
    }

    /** The same tensors under other names. */
    private record Renamed(Checkpoint inner, UnaryOperator<String> outward, UnaryOperator<String> inward)
            implements Checkpoint {
        @Override
        public Path source() {
            return inner.source();
        }

        @Override
        public Set<String> names() {
            return inner.names().stream().map(outward).collect(Collectors.toSet());
        }

        @Override
        public Tensor tensor(String name) {
            return inner.tensor(inward.apply(name));
        }

        @Override
        public void close() {}
    }
}
