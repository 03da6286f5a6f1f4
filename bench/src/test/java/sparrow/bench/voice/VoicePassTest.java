package sparrow.bench.voice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sparrow.bench.harness.ForcedReply;
import sparrow.engine.exit.ExitPlan;
import sparrow.models.OpenOptions;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/**
 * One answer of the bundled model, stage by stage: a question of 2 s, so 25 codes, and a reply of 25 codes, so 13 + 25
 * tokens. Operations are held against sums by hand over the layers that the configuration files of the model name, two
 * for each multiply-add.
 */
class VoicePassTest {
    private static final ComputePool POOL = new ComputePool(1);
    private static final StageMeter METER = new StageMeter();
    private static SpokenModel model;
    private static VoicePass pass;

    @BeforeAll
    static void answer() throws IOException {
        Kernels kernels = Kernels.metered(Kernels.create(POOL), METER);
        model = SpokenModels.bundled(new OpenOptions(Optional.empty(), Optional.empty()), kernels);
        model.synthesizer(); // what is prepared while the model is loaded belongs to no stage
        ForcedReply reply = ForcedReply.of(model.languageModel(), 25);
        pass = VoicePass.run(model, METER, VoiceBenchmark.question(2), reply, ExitPlan.NONE, 1)
                .orElseThrow();
    }

    @AfterAll
    static void close() {
        model.close();
        POOL.close();
    }

    /** Operations of a linear layer. */
    private static long linear(long rows, long out, long in) {
        return 2 * rows * out * in;
    }

    private static void assertOperations(Stage stage, long byHand) {
        // Attention that multiplies what it masks, or does not, is within the percent.
        assertThat((double) pass.work().get(stage).operations())
                .as(stage + ": " + byHand)
                .isCloseTo(byHand, Percentage.withPercentage(1));
    }

    @Test
    void encodingIsCountedAsByHand() {
        long spectrum = linear(200, 402, 400) + linear(200, 80, 201); // Fourier transform as a product; mel filters
        long stem = linear(200, 192, 3 * 80) + linear(100, 192, 3 * 192);
        // Blocks of 40 frames, the last of 20, each with all before it.
        long seen = 40 * 40 + 40 * 80 + 20 * 100;
        long layer = 4 * linear(100, 192, 192) + 2 * linear(100, 512, 192) + 4 * seen * 192;
        assertOperations(Stage.ENCODE, spectrum + stem + 4 * layer + linear(25, 512, 192));
    }

    private static final long LAYER_WEIGHTS = 192 * (192 + 2 * 64) + 192 * 192 + 3 * 192 * 384;

    @Test
    void theLanguageModelIsCountedAsByHand() {
        long prompt = pass.promptTokens();
        long head = linear(1, 1056, 192);
        long pairs = prompt * (prompt + 1) / 2;
        // In the last layer, the first 24 positions only compute keys and values.
        long unread = 24 * 2 * (LAYER_WEIGHTS - 192 * 2 * 64) + 4 * (24 * 25 / 2) * 192;
        assertThat(prompt).isBetween(37L, 48L);
        assertOperations(Stage.PREFILL, 16 * (2 * prompt * LAYER_WEIGHTS + 4 * pairs * 192) - unread + head);

        assertThat(pass.tokens()).isEqualTo(13 + 25);
        long steps = pass.tokens() - 1;
        long seen = steps * prompt + steps * (steps + 1) / 2;
        assertOperations(Stage.DECODE, 16 * (2 * steps * LAYER_WEIGHTS + 4 * seen * 192) + steps * head);
    }

    @Test
    void theFlowIsCountedAsByHand() {
        long codes = 25;
        long frames = 172; // 25 * 441 / 64
        long layer = 5 * linear(codes, 128, 128) // query twice, key, value, out
                + linear(codes + 9, 128, 128) // distances, up to 9 codes ahead
                + 2 * linear(codes, 256, 128)
                + 2 * linear(codes, codes, 128) // scores and mix
                + linear(codes, codes + 9, 128); // scores of distances
        long encoder = linear(codes, 128, 128) + 3 * layer + linear(codes, 80, 128);
        long regulator = 4 * linear(frames, 80, 3 * 80) + linear(frames, 80, 80);
        long half = frames / 2;
        long step = linear(1, 384, 320)
                + linear(1, 384, 384) // time
                + stage(frames, 320)
                + convolution(half)
                + stage(half, 96)
                + convolution(half)
                + 2 * stage(half, 96)
                + stage(half, 192)
                + 2 * linear(2 * half, 96, 2 * 96) // up: two taps meet in a frame
                + stage(frames, 192)
                + convolution(frames)
                + convolution(frames)
                + 2 * linear(frames, 80, 96);
        assertOperations(Stage.FLOW, linear(1, 80, 192) + encoder + regulator + 10 * step);
    }

    /** Three taps, 96 channels, with and without the guidance's condition. */
    private static long convolution(long frames) {
        return 2 * linear(frames, 96, 3 * 96);
    }

    /** A residual block and a transformer block, with and without the condition. */
    private static long stage(long frames, long in) {
        long residual = linear(frames, 96, 3 * in) + linear(frames, 96, 3 * 96) + linear(frames, 96, in);
        long transformer = 4 * linear(frames, 96, 96) + 2 * linear(frames, 384, 96) + 4 * frames * frames * 96;
        return linear(1, 96, 384) + 2 * (residual + transformer);
    }

    @Test
    void theVocoderIsCountedAsByHand() {
        // 34 frames wait for what comes after them, and are vocoded at the end with the last one before them.
        assertOperations(Stage.VOCODER, vocoder(172 - 34) + vocoder(1 + 34));
    }

    private static long vocoder(long frames) {
        long pitch = linear(frames, 96, 3 * 80) + 4 * linear(frames, 96, 3 * 96) + linear(frames, 1, 96);
        long first = linear(frames, 96, 7 * 80);
        // A transposed convolution of 16 taps and stride 8: two meet in an output.
        long up = linear(8 * frames, 48, 2 * 96) + linear(64 * frames, 24, 2 * 48);
        long source = linear(8 * frames, 48, 16 * 18) + linear(64 * frames + 1, 24, 18);
        // Blocks of 3 and 7 taps, and one of 7 for the source: two dilations, two convolutions each.
        long residual =
                4 * linear(8 * frames, 48, (3 + 7 + 7) * 48) + 4 * linear(64 * frames + 1, 24, (3 + 7 + 7) * 24);
        long last = linear(64 * frames + 1, 18, 7 * 24);
        long fourier = 2 * linear(64 * frames + 1, 18, 16);
        return pitch + first + up + source + residual + last + fourier;
    }

    @Test
    void stagesAddUpToTheWhole() {
        long sum = pass.nanos().values().stream().mapToLong(Long::longValue).sum();
        assertThat(pass.nanos()).containsOnlyKeys(Stage.ENCODE, Stage.PREFILL, Stage.DECODE, Stage.FLOW, Stage.VOCODER);
        assertThat(pass.nanos().values()).allMatch(nanos -> nanos > 0);
        assertThat(pass.other()).isNotNegative();
        assertThat(sum + pass.other()).isEqualTo(pass.total());
        assertThat(pass.speechSeconds()).isCloseTo(172 * 256 / 22050.0, within(1e-9));
    }

    /** One block of 25 codes is the whole reply: only the frames that waited were made after the first sound. */
    @Test
    void theWayToTheFirstAudioIsPartOfTheWhole() {
        Map<Stage, Long> path = pass.toFirstAudio();
        assertThat(path.keySet()).isEqualTo(pass.nanos().keySet());
        path.forEach((stage, nanos) -> assertThat(nanos)
                .as(stage.name())
                .isLessThanOrEqualTo(pass.nanos().get(stage)));
        assertThat(path).containsEntry(Stage.FLOW, pass.nanos().get(Stage.FLOW));
        assertThat(path.get(Stage.VOCODER)).isLessThan(pass.nanos().get(Stage.VOCODER));
    }

    @Test
    void linearLayersTakeNoMoreThanTheirStage() {
        pass.work()
                .forEach((stage, work) -> assertThat(work.linearNanos())
                        .as(stage.name())
                        .isBetween(1L, pass.nanos().get(stage)));
    }
}
