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
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.formats.weights.Checkpoint;
import sparrow.speech.Goldens;
import sparrow.speech.voice.Voice;

/** Whole and streamed synthesis in a voice on random weights: what must hold whatever the codes and cuts. */
class Token2WavTest {
    private static Token2Wav model;

    @BeforeAll
    static void open() {
        model = load(voice(1));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    static LongStream seeds() {
        return new SplittableRandom(960).longs(4);
    }

    private static Token2Wav load(Voice voice) {
        try (Checkpoint flow = Goldens.stepPart("flow");
                Checkpoint hift = Goldens.stepPart("hift")) {
            return Token2Wav.load(Goldens.STEP_FLOW, flow, hift, voice, Goldens.KERNELS);
        }
    }

    /** A voice that says some codes. */
    private static Voice voice(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return new Voice(codes(random, 7), values(random, 24), values(random, 14 * 80));
    }

    private static int[] codes(SplittableRandom random, int n) {
        return IntStream.range(0, n).map(i -> random.nextInt(81)).toArray();
    }

    private static float[] values(SplittableRandom random, int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = (float) random.nextDouble(-3, 1);
        return values;
    }

    @ParameterizedTest(name = "{0} codes")
    @ValueSource(ints = {0, 1, 3, 27, 28, 29, 53, 80})
    void aCodeIsFortyMillisecondsWholeOrStreamed(int n) {
        int[] codes = codes(new SplittableRandom(n), n);

        assertThat(model.samples(n)).isEqualTo(960 * n);
        assertThat(model.synthesize(codes, Noise.seeded(1))).hasSize(960 * n);
        assertThat(model.stream(Noise.seeded(1)).accept(codes, true)).hasSize(960 * n);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void streamedSamplesAreTheSameForAnyCuts(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] codes = codes(random, random.nextInt(1, 90));
        SpeechStream stream = model.stream(Noise.seeded(seed));

        float[] speech = {};
        for (int at = 0; at < codes.length; ) {
            int end = Math.min(codes.length, at + random.nextInt(0, 40));
            boolean last = end == codes.length && random.nextBoolean();
            speech = Pieces.joined(speech, stream.accept(Arrays.copyOfRange(codes, at, end), last));
            if (end == codes.length && !last) speech = Pieces.joined(speech, stream.accept(new int[0], true));
            at = end;
        }

        assertThat(speech).containsExactly(model.stream(Noise.seeded(seed)).accept(codes, true));
        for (float sample : speech) assertThat(Math.abs(sample)).isLessThanOrEqualTo(1);
    }

    @Test
    void everyBlockOfTheRhythmIsASecondOfSoundAtOnce() {
        int[] codes = codes(new SplittableRandom(2), 60);
        SpeechStream stream = model.stream(Noise.seeded(1));
        CodeBlocks blocks = model.blocks();
        int[] samples = new int[61];

        for (int i = 0; i < 60; i++) {
            int at = i;
            blocks.add(codes[i]).ifPresent(block -> samples[at] = stream.accept(block, false).length);
        }
        samples[60] = stream.accept(blocks.rest(), true).length;

        // The first second lacks what is held back for the fade, 0.16 s, and the end brings it out.
        assertThat(samples[27]).isEqualTo(24_000 - 3840);
        assertThat(samples[52]).isEqualTo(24_000);
        assertThat(samples[60]).isEqualTo(10 * 960 + 3840);
        assertThat(IntStream.of(samples).sum()).isEqualTo(model.samples(60));
    }

    @Test
    void seedDecidesTheSpeechWhateverWasSaidBefore() {
        int[] codes = codes(new SplittableRandom(3), 40);

        float[] whole = model.synthesize(codes, Noise.seeded(7));
        float[] streamed = model.stream(Noise.seeded(7)).accept(codes, true);
        float[] other = model.stream(Noise.seeded(8)).accept(codes, true);

        assertThat(model.synthesize(codes, Noise.seeded(7))).containsExactly(whole);
        assertThat(model.stream(Noise.seeded(7)).accept(codes, true)).containsExactly(streamed);
        assertThat(other).hasSameSizeAs(streamed).isNotEqualTo(streamed);
        assertThat(model.synthesize(codes, Noise.seeded(8))).isNotEqualTo(whole);
    }

    @Test
    void utterancesAtTheSameTimeDoNotMeet() {
        int[] codes = codes(new SplittableRandom(4), 60);
        float[] alone = model.stream(Noise.seeded(5)).accept(codes, true);
        SpeechStream one = model.stream(Noise.seeded(5));
        SpeechStream other = model.stream(Noise.seeded(5));

        float[] first = one.accept(Arrays.copyOf(codes, 30), false);
        other.accept(codes(new SplittableRandom(6), 60), true);
        float[] second = one.accept(Arrays.copyOfRange(codes, 30, 60), true);

        assertThat(Pieces.joined(first, second)).containsExactly(alone);
    }

    @Test
    void anotherVoiceSpeaksOtherwise() {
        int[] codes = codes(new SplittableRandom(5), 30);

        try (Token2Wav other = load(voice(2))) {
            assertThat(other.synthesize(codes, Noise.seeded(1)))
                    .hasSize(960 * 30)
                    .isNotEqualTo(model.synthesize(codes, Noise.seeded(1)));
            assertThat(other.stream(Noise.seeded(1)).accept(codes, true))
                    .hasSize(960 * 30)
                    .isNotEqualTo(model.stream(Noise.seeded(1)).accept(codes, true));
        }
    }

    @Test
    void theFlowStartsFromTheNoiseOfTheVoiceAndOfWhatIsSaid() {
        int[] codes = codes(new SplittableRandom(6), 5);
        Noise exact = Noise.replayed(new float[(14 + 10) * 80], new float[0], new float[0]);

        assertThat(model.noiseFrames(5)).isEqualTo(14 + 10);
        assertThat(model.mel(codes, exact)).hasSize(10 * 80);
    }

    @Test
    void aCodeOutOfRangeIsRefusedAndChangesNothing() {
        int[] codes = codes(new SplittableRandom(7), 10);
        SpeechStream stream = model.stream(Noise.seeded(1));

        assertThatThrownBy(() -> stream.accept(new int[] {1, 81}, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("code 81: expected 0 to 80");
        assertThatThrownBy(() -> model.synthesize(new int[] {-1}, Noise.seeded(1)))
                .hasMessage("code -1: expected 0 to 80");

        assertThat(stream.accept(codes, true))
                .containsExactly(model.stream(Noise.seeded(1)).accept(codes, true));
    }

    @Test
    void afterTheLastBlockNoneIsTaken() {
        SpeechStream stream = model.stream(Noise.seeded(1));
        assertThat(stream.accept(new int[0], true)).isEmpty();

        assertThatThrownBy(() -> stream.accept(new int[] {2}, true))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the utterance has ended: expected no more codes");
    }

    @Test
    void aVoiceOfAnotherModelIsRefused() {
        SplittableRandom random = new SplittableRandom(8);
        Voice wide = new Voice(codes(random, 7), values(random, 192), values(random, 14 * 80));
        Voice large = new Voice(new int[] {1, 81, 2}, values(random, 24), values(random, 6 * 80));

        assertThatThrownBy(() -> load(wide)).hasMessage("voice: speaker: expected 24 values, got 192");
        assertThatThrownBy(() -> load(large)).hasMessage("voice: codes: expected 0 to 80, got 81");
    }
}
