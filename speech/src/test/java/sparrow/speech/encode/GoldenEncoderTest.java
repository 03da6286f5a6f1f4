package sparrow.speech.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.speech.Golden.GLM;
import static sparrow.speech.Golden.assertClose;
import static sparrow.speech.Golden.transposed;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Safetensors;
import sparrow.formats.weights.SafetensorsFolder;
import sparrow.speech.layers.Probe;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** Every recorded value of the official encoder on tiny random weights of the released architecture. */
class GoldenEncoderTest {
    static final WhisperVqConfig CONFIG = new WhisperVqConfig(128, 40, 4, 96, 3, 40, 4, 64, 1500);

    /** The reference's own rounding reaches 1e-5 (f32 against f64); ten times that allows another order of sums. */
    private static final float HIDDEN = 1e-4f;

    /** Against f64 the reference is off by 6e-6 after the logarithm. */
    private static final float FEATURES = 5e-5f;

    private static ComputePool pool;
    private static Checkpoint checkpoint;
    private static Checkpoint golden;
    private static WhisperVq encoder;
    private static float[] samples;
    private static WhisperVq.Piece piece;

    @BeforeAll
    static void load() throws IOException {
        pool = ComputePool.ofMachine();
        checkpoint = SafetensorsFolder.open(GLM.resolve("speech_tokenizer"));
        golden = Safetensors.open(GLM.resolve("expected/speech_tokenizer.safetensors"));
        encoder = WhisperVq.load(CONFIG, checkpoint, Kernels.create(pool));
        samples = wav("input_16k.wav").samples();
        piece = encoder.piece(samples.length);
    }

    @AfterAll
    static void close() {
        encoder.close();
        golden.close();
        checkpoint.close();
        pool.close();
    }

    private static Waveform wav(String name) throws IOException {
        return WavFile.read(GLM.resolve("audio").resolve(name));
    }

    private static float[] golden(String name) {
        return golden.tensor(name).toFloats();
    }

    private static int[] goldenCodes(String name) {
        return golden.tensor(name).toInts();
    }

    @Test
    void readsTheSamplesOfThe16BitFileExactly() {
        assertThat(samples).containsExactly(golden("waveform"));
    }

    @Test
    void resamplesTheFirstOfTwoChannelsFrom44100Hz() throws IOException {
        float[] resampled = wav("input_44k_stereo.wav").at(16_000).samples();

        // A sum of about 35 products of magnitude below 1 in f32.
        assertClose("resample_stereo.output_ch0", resampled, golden("resample_stereo.output_ch0"), 2e-6f);
    }

    @Test
    void resamplesFrom8000Hz() throws IOException {
        float[] resampled = wav("input_8k_31s.wav").at(16_000).samples();

        assertClose(
                "long_31s.resampled_first_4000",
                Arrays.copyOf(resampled, 4000),
                golden("long_31s.resampled_first_4000"),
                2e-6f);
    }

    @Test
    void masksTheFramesThatTheReferenceMasks() {
        int[] mask = goldenCodes("attention_mask");

        assertThat(piece.melFrames()).isEqualTo(mask.length);
        for (int frame = 0; frame < piece.frames(); frame++) {
            assertThat(mask[2 * frame] == 1).as("frame %d", frame).isEqualTo(frame < piece.valid());
        }
    }

    @Test
    void makesTheFeaturesConvolvesAndRunsEveryLayer() {
        Map<String, float[]> seen = new HashMap<>();

        encoder.pooled(
                samples, 0, samples.length, (name, x) -> seen.put(name, x.data().clone()));

        int width = CONFIG.width();
        assertClose("input_features", seen.get("features"), transposed(golden("input_features"), 128), FEATURES);
        assertClose("conv1_gelu", seen.get("conv1"), transposed(golden("conv1_gelu"), width), HIDDEN);
        assertClose("conv2_gelu", seen.get("conv2"), transposed(golden("conv2_gelu"), width), HIDDEN);
        for (int i = 0; i < CONFIG.layers(); i++) {
            assertClose("hidden.layer_" + i, seen.get("layer." + i), golden("hidden.layer_" + i), HIDDEN);
        }
    }

    @Test
    void poolsAndQuantises() {
        Block pooled = encoder.pooled(samples, 0, samples.length, Probe.NONE);
        int[] codes = encoder.codebook().nearest(pooled, pooled.rows());

        assertClose("pooled", pooled.data(), golden("pooled"), HIDDEN);
        assertThat(codes).containsExactly(goldenCodes("quantized_ids_padded"));
        // Behind the codes the reference goes on with the code vectors plus a second position table.
        assertClose("last_hidden_state", lastHidden(codes), golden("last_hidden_state"), 0);
    }

    private static float[] lastHidden(int[] codes) {
        float[] vectors = checkpoint.floats("codebook.weight", CONFIG.codes(), CONFIG.width());
        float[] positions = checkpoint.floats("embed_positions2.weight", 375, CONFIG.width());
        float[] last = new float[codes.length * CONFIG.width()];
        for (int i = 0; i < last.length; i++) {
            last[i] = vectors[codes[i / CONFIG.width()] * CONFIG.width() + i % CONFIG.width()] + positions[i];
        }
        return last;
    }

    @Test
    void encodesThePlainFile() throws IOException {
        assertThat(encoder.encode(wav("input_16k.wav"))).containsExactly(goldenCodes("ids"));
    }

    @Test
    void encodesTheStereoFile() throws IOException {
        assertThat(encoder.encode(wav("input_44k_stereo.wav"))).containsExactly(goldenCodes("resample_stereo.ids"));
    }

    @Test
    void encodesMoreThan30SecondsPieceByPiece() throws IOException {
        assertThat(encoder.encode(wav("input_8k_31s.wav"))).containsExactly(goldenCodes("long_31s.ids"));
    }
}
