package sparrow.speech.vocode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.speech.Goldens;

/** Whole and streamed synthesis on random weights: what must hold whatever the codes and cuts. */
class GlmVocoderTest {
    private static GlmVocoder model;

    @BeforeAll
    static void open() {
        model = Goldens.randomModel();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    static LongStream seeds() {
        return new SplittableRandom(20261).longs(8);
    }

    @Test
    void lengthIsTheFrameFormulaForEveryNumberOfCodes() {
        for (int n = 0; n <= 3000; n++) assertThat(model.samples(n)).isEqualTo(256 * (441 * n / 64));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void streamedSpeechIsAsLongAsTheWholeForAnyCuts(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] codes = codes(random, random.nextInt(1, 50));
        SpeechStream stream = model.stream(Noise.seeded(seed));

        int samples = 0;
        for (int at = 0; at < codes.length; ) {
            int end = Math.min(codes.length, at + random.nextInt(0, 25));
            boolean last = end == codes.length && random.nextBoolean();
            float[] piece = stream.accept(Arrays.copyOfRange(codes, at, end), last);
            assertSpeech(piece);
            samples += piece.length;
            if (end == codes.length && !last) samples += stream.accept(new int[0], true).length;
            at = end;
        }

        assertThat(samples).isEqualTo(model.samples(codes.length));
    }

    @Test
    void cutsOfOneCodeLoseNothing() {
        int[] codes = codes(new SplittableRandom(3), 14);
        SpeechStream stream = model.stream(Noise.seeded(3));

        int samples = 0;
        for (int code : codes) samples += stream.accept(new int[] {code}, false).length;
        assertThat(samples).isLessThan(model.samples(codes.length));
        samples += stream.accept(new int[0], true).length;

        assertThat(samples).isEqualTo(model.samples(14));
    }

    @Test
    void oneBlockIsTheWholeBitForBit() {
        int[] codes = codes(new SplittableRandom(5), 31);

        float[] streamed = model.stream(Noise.seeded(9)).accept(codes, true);

        assertThat(streamed).isEqualTo(model.synthesize(codes, Noise.seeded(9)));
    }

    @Test
    void firstBlockDoesNotDependOnWhatFollows() {
        int[] codes = codes(new SplittableRandom(6), 25);
        SpeechStream one = model.stream(Noise.seeded(4));
        SpeechStream other = model.stream(Noise.seeded(4));

        assertThat(one.accept(codes, false)).isEqualTo(other.accept(codes, false));

        float[] rest = one.accept(new int[] {1, 2, 3, 4, 5, 6, 7}, true);
        float[] otherRest = other.accept(new int[] {7, 6, 5, 4, 3, 2, 1}, true);
        assertThat(rest).hasSameSizeAs(otherRest).isNotEqualTo(otherRest);
    }

    @Test
    void anEmptyLastBlockBringsOutTheFramesThatTheWholeWouldEndIn() {
        int[] codes = codes(new SplittableRandom(8), 30);
        AudioDecoderStream stream = decoderStream(2);

        stream.accept(codes, false);
        stream.accept(new int[0], true);

        // The flow is not asked again: it would be asked the same.
        float[] whole = model.mel(codes, Noise.seeded(2));
        int frames = 34 + 1; // held back, and the frame vocoded twice
        assertThat(stream.vocodedMel()).isEqualTo(Arrays.copyOfRange(whole, whole.length - frames * 80, whole.length));
    }

    @Test
    void fadeKeepsWhatBothSidesAgreeOn() {
        // The speech of a stream whose second block changes nothing cannot be had from a flow; the mel's level can:
        // with weights that add up to 1, faded frames lie between the two that they are made of.
        int[] codes = codes(new SplittableRandom(11), 40);
        AudioDecoderStream stream = decoderStream(1);
        int first = 20;
        stream.accept(Arrays.copyOf(codes, first), false);
        int given = model.frames(first) - 34;
        float[] before = model.mel(Arrays.copyOf(codes, first), Noise.seeded(1));
        float[] after = model.mel(
                codes, Arrays.copyOf(before, given * 80), Noise.seeded(1).flow(model.frames(40), 80));

        stream.accept(Arrays.copyOfRange(codes, first, 40), true);

        float[] faded = stream.vocodedMel();
        for (int i = 0; i < 34 * 80; i++) {
            float old = before[given * 80 + i];
            float fresh = after[i];
            // f32 rounding of a sum of two products of numbers of about 10.
            assertThat(faded[80 + i]).isBetween(Math.min(old, fresh) - 1e-5f, Math.max(old, fresh) + 1e-5f);
        }
    }

    @Test
    void seedDecidesTheSpeech() {
        int[] codes = codes(new SplittableRandom(12), 12);

        float[] speech = model.synthesize(codes, Noise.seeded(7));

        assertThat(model.synthesize(codes, Noise.seeded(7))).isEqualTo(speech);
        assertThat(model.synthesize(codes, Noise.seeded(8))).isNotEqualTo(speech);
        assertSpeech(speech);
    }

    @Test
    void noCodesAreNoSpeech() {
        assertThat(model.synthesize(new int[0], Noise.seeded(1))).isEmpty();
        SpeechStream stream = model.stream(Noise.seeded(1));
        assertThat(stream.accept(new int[0], false)).isEmpty();
        assertThat(stream.accept(new int[0], true)).isEmpty();
    }

    @Test
    void aCodeOutOfRangeIsRefusedAndChangesNothing() {
        int[] codes = codes(new SplittableRandom(13), 10);
        SpeechStream stream = model.stream(Noise.seeded(1));

        assertThatThrownBy(() -> stream.accept(new int[] {1, 64}, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("code 64: expected 0 to 63");
        assertThatThrownBy(() -> model.synthesize(new int[] {-1}, Noise.seeded(1)))
                .hasMessage("code -1: expected 0 to 63");
        assertThatThrownBy(() -> model.mel(new int[] {64}, Noise.seeded(1))).hasMessage("code 64: expected 0 to 63");

        assertThat(stream.accept(codes, true)).isEqualTo(model.synthesize(codes, Noise.seeded(1)));
    }

    @Test
    void afterTheLastBlockNoneIsTaken() {
        SpeechStream stream = model.stream(Noise.seeded(1));
        stream.accept(new int[] {1}, true);

        assertThatThrownBy(() -> stream.accept(new int[] {2}, true))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the utterance has ended: expected no more codes");
    }

    @Test
    void melsAndExcitationsOfAWrongSizeAreRefused() {
        assertThatThrownBy(() -> model.vocode(new float[79], Noise.seeded(1)))
                .hasMessage("mel: expected one or more frames of 80 bins, got 79 values");
        assertThatThrownBy(() -> model.vocode(new float[80], new float[255]))
                .hasMessage("excitation: expected 256 samples, got 255");
        assertThatThrownBy(() -> model.mel(new int[] {1}, Noise.replayed(new float[7], new float[9], new float[0])))
                .hasMessage("flow noise: expected 480 values, got 7");
    }

    private static AudioDecoderStream decoderStream(long seed) {
        return new AudioDecoderStream(model, Noise.seeded(seed), AudioDecoderStream.Joints.SEAMLESS, stage -> {});
    }

    private static int[] codes(SplittableRandom random, int n) {
        return IntStream.range(0, n).map(i -> random.nextInt(64)).toArray();
    }

    private static void assertSpeech(float[] samples) {
        for (float sample : samples) assertThat(Math.abs(sample)).isLessThanOrEqualTo(0.99f);
    }
}
