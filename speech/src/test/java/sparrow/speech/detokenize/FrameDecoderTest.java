package sparrow.speech.detokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sparrow.speech.Closeness.assertThatValues;
import static sparrow.speech.Golden.LFM;
import static sparrow.speech.Golden.assertClose;
import static sparrow.speech.lfm.LfmConfig.Mixing.ATTENTION;
import static sparrow.speech.lfm.LfmConfig.Mixing.CONVOLUTION;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Safetensors;
import sparrow.speech.Goldens;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.lfm.LfmConfig;
import sparrow.tensor.DType;

/** The detokenizer against the official one, and cut into blocks against itself. */
class FrameDecoderTest {
    /** The tolerances that the golden data states. */
    private static final float LAYERS = 2e-4f;

    private static final float SAMPLES = 1e-5f;

    /** Random checkpoints of the published layout. */
    enum Shape {
        A("a", Goldens.LFM_DETOKENIZER),
        B("b", new LfmConfig(32, 2, 1, 4, 11, List.of(CONVOLUTION, ATTENTION, CONVOLUTION, ATTENTION), 1e4, 1e-5f));

        private final String folder;
        final LfmConfig config;

        Shape(String folder, LfmConfig config) {
            this.folder = folder;
            this.config = config;
        }

        Checkpoint checkpoint() throws IOException {
            return Safetensors.open(LFM.resolve(folder).resolve("audio_detokenizer/model.safetensors"));
        }

        /** In memory that the garbage collector frees. */
        FrameDecoder load() throws IOException {
            try (Checkpoint checkpoint = checkpoint()) {
                return new FrameDecoder(
                        new LayerReader(checkpoint, Goldens.KERNELS, Arena.ofAuto(), Arena.ofAuto()), config, false);
            }
        }

        Checkpoint golden() throws IOException {
            return Safetensors.open(LFM.resolve("expected").resolve(folder).resolve("detokenizer.safetensors"));
        }
    }

    /** Recorded codes [codebooks, frames], frame by frame. */
    private static int[] codes(Checkpoint golden, String name) {
        int[] recorded = golden.tensor(name).toInts();
        int books = golden.tensor(name).shape().getFirst();
        int frames = recorded.length / books;
        int[] codes = new int[recorded.length];
        for (int i = 0; i < codes.length; i++) codes[i % frames * books + i / frames] = recorded[i];
        return codes;
    }

    private static float[] whole(FrameDecoder decoder, int[] codes) {
        FrameDecoder.Utterance utterance = decoder.start();
        return joined(utterance.accept(codes), utterance.finish());
    }

    private static float[] joined(float[] first, float[] second) {
        float[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private static int[] randomCodes(FrameDecoder decoder, int frames, long seed) {
        return new SplittableRandom(seed)
                .ints((long) frames * decoder.codebooks(), 0, decoder.codes())
                .toArray();
    }

    @ParameterizedTest
    @EnumSource
    void runsEveryStage(Shape shape) throws IOException {
        FrameDecoder decoder = shape.load();
        try (Checkpoint golden = shape.golden()) {
            Map<String, float[]> seen = new HashMap<>();

            FrameDecoder.Utterance utterance = decoder.start((name, x) -> seen.put(name, Goldens.copy(x)));
            float[] samples = joined(utterance.accept(codes(golden, "codes")), utterance.finish());

            assertThat(decoder.codebooks())
                    .isEqualTo(golden.tensor("codes").shape().getFirst());
            assertThat(seen).hasSize(shape.config.layers().size() + 3);
            seen.forEach((name, values) ->
                    assertClose(name, values, golden.tensor(name).toFloats(), LAYERS));
            assertClose("wav", samples, golden.tensor("wav").toFloats(), SAMPLES);
        }
    }

    @ParameterizedTest
    @EnumSource
    void soundsAsRecorded(Shape shape) throws IOException {
        FrameDecoder decoder = shape.load();
        try (Checkpoint golden = shape.golden()) {
            for (int frames : List.of(1, 4)) {
                int[] first = Arrays.copyOf(codes(golden, "codes"), frames * decoder.codebooks());
                String name = "first" + frames + ".wav";
                assertClose(name, whole(decoder, first), golden.tensor(name).toFloats(), SAMPLES);
            }
            float[] reply = whole(decoder, codes(golden, "reply.codes"));
            assertClose("reply.wav", reply, golden.tensor("reply.wav").toFloats(), SAMPLES);
        }
    }

    /** More frames than go through the layers together, cut at random. */
    @ParameterizedTest
    @EnumSource
    void cutsDoNotChangeASample(Shape shape) throws IOException {
        FrameDecoder decoder = shape.load();
        int[] codes = randomCodes(decoder, 40, 1);
        float[] whole = whole(decoder, codes);
        assertThat(whole).hasSize(40 * FrameDecoder.FRAME_SAMPLES);
        for (int seed = 0; seed < 6; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            FrameDecoder.Utterance utterance = decoder.start();
            float[] samples = {};
            int frames = 0;
            while (frames < 40) {
                int next = Math.min(40, frames + (seed == 0 ? 1 : random.nextInt(20)));
                int[] block = Arrays.copyOfRange(codes, frames * decoder.codebooks(), next * decoder.codebooks());
                samples = joined(samples, utterance.accept(block));
                frames = next;
                assertThat(samples).hasSize(Math.max(0, frames * FrameDecoder.FRAME_SAMPLES - 480));
            }

            assertClose("cuts " + seed, joined(samples, utterance.finish()), whole, 0);
        }
    }

    /** Products with q4_0 round the activations to bytes. */
    @Tag("full")
    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16", "Q8_0", "Q4_0"})
    void everyTypeOfWeightsSoundsAsItsNumbersDo(DType type) throws IOException {
        FrameDecoder stored = rounded(type, false);
        int[] codes = randomCodes(stored, 20, 6);

        float[] whole = whole(stored, codes);
        FrameDecoder.Utterance utterance = stored.start();
        float[] streamed = {};
        for (int frame = 0; frame < 20; frame++) {
            streamed = joined(streamed, utterance.accept(Arrays.copyOfRange(codes, frame * 8, frame * 8 + 8)));
        }

        assertClose("streamed", joined(streamed, utterance.finish()), whole, type.isQuantised() ? SAMPLES : 0);
        float[] numbers = whole(rounded(type, true), codes);
        if (type == DType.Q4_0) assertThatValues(whole).areWithDecibels(20, numbers);
        else assertClose("whole", whole, numbers, SAMPLES);
    }

    private static FrameDecoder rounded(DType type, boolean widened) throws IOException {
        try (Checkpoint checkpoint = new Goldens.Rounded(Shape.A.checkpoint(), type, widened, Arena.ofAuto())) {
            return new FrameDecoder(
                    new LayerReader(checkpoint, Goldens.KERNELS, Arena.ofAuto(), Arena.ofAuto()),
                    Shape.A.config,
                    false);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theFirstFrameIsHeardFor60Milliseconds(Shape shape) throws IOException {
        FrameDecoder decoder = shape.load();

        assertThat(decoder.start().accept(randomCodes(decoder, 1, 2))).hasSize(60 * 24);
    }

    @ParameterizedTest
    @EnumSource
    void framesWithAnEndCodeAreLeftOut(Shape shape) throws IOException {
        FrameDecoder decoder = shape.load();
        int books = decoder.codebooks();
        int[] codes = randomCodes(decoder, 5, 3);
        int[] ended = Arrays.copyOf(codes, 7 * books);
        System.arraycopy(codes, 2 * books, ended, 3 * books, 3 * books);
        System.arraycopy(randomCodes(decoder, 1, 4), 0, ended, 2 * books, books);
        ended[3 * books - 1] = decoder.codes();
        Arrays.fill(ended, 6 * books, 7 * books, decoder.codes());

        assertThat(whole(decoder, ended)).containsExactly(whole(decoder, codes));
    }

    @ParameterizedTest
    @EnumSource
    void anUtteranceWithoutSoundHasNoSamples(Shape shape) throws IOException {
        FrameDecoder decoder = shape.load();
        int[] end = new int[decoder.codebooks()];
        Arrays.fill(end, decoder.codes());

        assertThat(whole(decoder, new int[0])).isEmpty();
        assertThat(whole(decoder, end)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void refusesCodesThatAreNoneAndFramesThatAreNotWhole(Shape shape) throws IOException {
        FrameDecoder decoder = shape.load();
        int[] codes = randomCodes(decoder, 3, 5);
        FrameDecoder.Utterance utterance = decoder.start();
        int[] beyond = codes.clone();
        beyond[1] = 2049;
        int[] negative = codes.clone();
        negative[codes.length - 1] = -1;

        assertThatThrownBy(() -> utterance.accept(beyond)).hasMessage("code 2049: expected 0 to 2048");
        assertThatThrownBy(() -> utterance.accept(negative)).hasMessage("code -1: expected 0 to 2048");
        assertThatThrownBy(() -> utterance.accept(Arrays.copyOf(codes, codes.length - 1)))
                .hasMessage("codes: expected complete frames of " + decoder.codebooks() + ", got " + (codes.length - 1)
                        + " codes");
        assertThat(joined(utterance.accept(codes), utterance.finish())).containsExactly(whole(decoder, codes));
    }
}
