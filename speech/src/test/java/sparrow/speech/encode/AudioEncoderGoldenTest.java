package sparrow.speech.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.speech.Golden.STEP;
import static sparrow.speech.Golden.assertClose;
import static sparrow.speech.Golden.transposed;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Safetensors;
import sparrow.formats.weights.SafetensorsFolder;
import sparrow.speech.wave.WavFile;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** Every recorded value of the official front end, encoder and adaptor on tiny random weights. */
class AudioEncoderGoldenTest {
    static final AudioEncoderConfig CONFIG = new AudioEncoderConfig(128, 1500, 32, 2, 2, 64);

    /** The tolerances that the goldens state: the reference's own rounding, f32 against f64, is ten times smaller. */
    private static final float SAMPLES = 1e-6f;

    private static final float FEATURES = 5e-5f;
    private static final float BLOCKS = 5e-5f;
    private static final float OUTPUTS = 2e-5f;

    /** Mel frames of the two sounds. */
    private static final int SPEECH_FRAMES = 302;

    private static final int STEREO_FRAMES = 153;

    private static ComputePool pool;
    private static Checkpoint checkpoint;
    private static Checkpoint mel;
    private static Checkpoint golden;
    private static StepAudioEncoder encoder;
    private static float[] speech;
    private static float[] stereo;

    @BeforeAll
    static void load() throws IOException {
        pool = ComputePool.ofMachine();
        checkpoint = SafetensorsFolder.open(STEP.resolve("ckpt"));
        mel = Safetensors.open(STEP.resolve("cases/mel.safetensors"));
        golden = Safetensors.open(STEP.resolve("cases/audio_encoder.safetensors"));
        encoder = StepAudioEncoder.load(CONFIG, checkpoint, Kernels.create(pool));
        speech = piece("speech16k.wav");
        stereo = piece("stereo24k.wav");
    }

    @AfterAll
    static void close() {
        encoder.close();
        golden.close();
        mel.close();
        checkpoint.close();
        pool.close();
    }

    private static float[] piece(String wav) throws IOException {
        List<float[]> pieces = AudioPieces.of(WavFile.read(STEP.resolve("wav").resolve(wav)));
        assertThat(pieces).as(wav).hasSize(1);
        return pieces.getFirst();
    }

    private static float[] golden(String name) {
        return golden.tensor(name).toFloats();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "speech16k.wav, audio_speech16k",
        "stereo24k.wav, audio_stereo24k_to16k_ch0",
        "mono44k.wav, audio_mono44k_to16k"
    })
    void hearsTheFirstChannelAt16Kilohertz(String wav, String name) throws IOException {
        assertClose(name, piece(wav), mel.tensor(name).toFloats(), SAMPLES);
    }

    @Test
    void makesTheFeatures() {
        assertFeatures("mel_speech16k", speech);
        assertFeatures("mel_stereo24k", stereo);
        assertFeatures("mel_first100samples", Arrays.copyOf(speech, 100));
    }

    private static void assertFeatures(String name, float[] samples) {
        float[] expected = transposed(mel.tensor(name).toFloats(), CONFIG.melBins());

        assertClose(name, encoder.features(samples).data(), expected, FEATURES);
    }

    @Test
    void runsEveryStageOfOnePiece() {
        Map<String, Block> seen = seen(speech, SPEECH_FRAMES);

        assertFirstRows(
                "single.after_conv1_gelu", seen.get("conv1"), timeFirst("single.after_conv1_gelu", 0, 1), BLOCKS);
        assertStages("single", 0, 1, seen);
    }

    @Test
    void runsEveryStageOfAShorterPiece() {
        assertStages("short", 0, 1, seen(stereo, STEREO_FRAMES));
    }

    @Test
    void runsEveryStageOfBothAsABatch() {
        assertStages("batch", 0, 2, seen(speech, SPEECH_FRAMES));
        assertStages("batch", 1, 2, seen(stereo, SPEECH_FRAMES));
    }

    /** The blocks that one piece goes through. */
    private static Map<String, Block> seen(float[] samples, int batchFrames) {
        Map<String, Block> seen = new HashMap<>();
        encoder.encode(
                samples,
                batchFrames,
                (name, x) -> seen.put(name, Block.of(x.data().clone(), x.rows(), x.columns())));
        return seen;
    }

    private static void assertStages(String name, int piece, int pieces, Map<String, Block> seen) {
        String conv2 = name + ".after_conv2_gelu";
        assertFirstRows(conv2, seen.get("conv2"), timeFirst(conv2, piece, pieces), BLOCKS);
        for (int i = 0; i < CONFIG.layers(); i++) {
            String block = name + ".block" + i;
            assertFirstRows(block, seen.get("layer." + i), part(golden(block), piece, pieces), BLOCKS);
        }
        String out = name + ".encoder_out";
        int rows = golden.tensor(name + ".encoder_lens").toInts()[piece];
        assertThat(seen.get("encoder_out").rows()).isGreaterThanOrEqualTo(rows);
        assertFirstRows(out, seen.get("encoder_out"), part(golden(out), piece, pieces), OUTPUTS);
    }

    /** Rows behind the last one that matters are not computed here. */
    private static void assertFirstRows(String name, Block actual, float[] expected, float tolerance) {
        assertClose(name, actual.data(), Arrays.copyOf(expected, actual.data().length), tolerance);
    }

    private static float[] timeFirst(String name, int piece, int pieces) {
        return transposed(part(golden(name), piece, pieces), CONFIG.width());
    }

    private static float[] part(float[] batch, int piece, int pieces) {
        int size = batch.length / pieces;
        return Arrays.copyOfRange(batch, piece * size, (piece + 1) * size);
    }

    @Test
    void makesTheRowsOfOnePiece() {
        assertRows("single", List.of(speech));
        assertRows("short", List.of(stereo));
    }

    /** The shorter one has other rows than alone: the padding of the batch has a say. */
    @Test
    void makesTheRowsOfABatch() {
        assertRows("batch", List.of(speech, stereo));
    }

    private static void assertRows(String name, List<float[]> pieces) {
        float[] expected = golden(name + ".adaptor_out");
        int[] patches = golden.tensor(name + ".adaptor_lens").toInts();

        List<float[]> rows = encoder.encode(pieces);

        assertThat(rows).hasSameSizeAs(pieces);
        for (int i = 0; i < pieces.size(); i++) {
            int size = patches[i] * CONFIG.outputWidth();
            assertThat(patches[i]).isEqualTo(AudioPieces.patches(pieces.get(i).length));
            assertClose(name + " " + i, rows.get(i), Arrays.copyOf(part(expected, i, pieces.size()), size), OUTPUTS);
        }
    }
}
