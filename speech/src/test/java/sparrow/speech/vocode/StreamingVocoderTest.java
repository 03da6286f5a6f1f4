package sparrow.speech.vocode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static sparrow.speech.Closeness.assertThatValues;
import static sparrow.speech.Goldens.timeFirst;
import static sparrow.speech.Goldens.values;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.formats.weights.Checkpoint;
import sparrow.speech.Goldens;
import sparrow.speech.hift.Hift;

/** The vocoder's half of token2wav against the official streaming code, and what holds for any cuts. */
class StreamingVocoderTest {
    private static Vocoder vocoder;
    private static Checkpoint golden;

    @BeforeAll
    static void open() {
        try (Checkpoint file = Goldens.stepPart("hift")) {
            vocoder = new Vocoder(Hift.token2wav(Goldens.reader(file)));
        }
        golden = Goldens.open("step-audio-2-mini/cases/token2wav_end_to_end.safetensors");
    }

    @AfterAll
    static void close() {
        golden.close();
    }

    static LongStream seeds() {
        return new SplittableRandom(24000).longs(6);
    }

    @Test
    void wholeSpeechFromTheRecordedMelAndSourceIsTheRecordedOne() {
        float[] speech = vocoder.speech(timeFirst(golden, "nonstream_mel"), values(golden, "nonstream_source"));

        assertThatValues(speech).as("nonstream_wav").areWithin(1e-5, values(golden, "nonstream_wav"));
    }

    @Test
    void streamedSpeechFromTheRecordedMelAndSourceIsTheRecordedOne() {
        StreamingVocoder stream = new StreamingVocoder(vocoder, Noise.seeded(0));

        for (int i = 0; i < 4; i++) {
            String name = "stream" + i;
            float[] mel = timeFirst(golden, name + ".hift_mel");

            float[] speech = stream.accept(mel, values(golden, name + ".hift_source"), i == 3);

            int[] recorded = golden.tensor(name + ".pcm_int16").toInts();
            assertThat(speech).as(name).hasSameSizeAs(recorded);
            for (int s = 0; s < recorded.length; s++) {
                // The official stream ends in 16-bit numbers that are cut, not rounded.
                assertThat((int) (speech[s] * 32767)).as(name + " sample " + s).isCloseTo(recorded[s], within(1));
            }
        }
    }

    @Test
    void framesAndExcitationOfAChunkAreThoseOfTheChunkBeforeWhereTheyOverlap() {
        StreamingVocoder stream = new StreamingVocoder(vocoder, Noise.seeded(3));
        float[] mel = mel(new SplittableRandom(1), 30);

        float[] first = stream.accept(Arrays.copyOf(mel, 20 * 80), false);
        float[] second = stream.accept(Arrays.copyOfRange(mel, 20 * 80, 30 * 80), true);

        Noise noise = Noise.seeded(3);
        float[] excitation = vocoder.excitation(Arrays.copyOf(mel, 20 * 80), noise);
        float[] later = vocoder.excitation(Arrays.copyOfRange(mel, 12 * 80, 30 * 80), noise);
        System.arraycopy(excitation, 12 * 480, later, 0, 8 * 480);
        float[] whole = vocoder.speech(Arrays.copyOf(mel, 20 * 80), excitation);
        float[] again = vocoder.speech(Arrays.copyOfRange(mel, 12 * 80, 30 * 80), later);
        assertThat(first).containsExactly(Arrays.copyOf(whole, 12 * 480));
        assertThat(Arrays.copyOfRange(second, 8 * 480, 18 * 480))
                .containsExactly(Arrays.copyOfRange(again, 8 * 480, 18 * 480));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void samplesAreAsManyAsThoseOfTheWholeForAnyCuts(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] mel = mel(random, random.nextInt(9, 60));
        StreamingVocoder stream = new StreamingVocoder(vocoder, Noise.seeded(seed));

        int samples = 0;
        int end = 8;
        for (int at = 0; at < mel.length / 80; at = end, end = Math.min(mel.length / 80, at + random.nextInt(1, 20))) {
            float[] speech = stream.accept(Arrays.copyOfRange(mel, at * 80, end * 80), end == mel.length / 80);
            for (float sample : speech) assertThat(Math.abs(sample)).isLessThanOrEqualTo(1);
            samples += speech.length;
        }

        assertThat(samples).isEqualTo(mel.length / 80 * 480);
    }

    @Test
    void oneChunkIsTheWholeBitForBit() {
        float[] mel = mel(new SplittableRandom(2), 13);

        float[] streamed = new StreamingVocoder(vocoder, Noise.seeded(5)).accept(mel, true);

        assertThat(streamed).containsExactly(vocoder.speech(mel, Noise.seeded(5)));
    }

    private static float[] mel(SplittableRandom random, int frames) {
        float[] mel = new float[frames * 80];
        for (int i = 0; i < mel.length; i++) mel[i] = (float) random.nextDouble(-6, 1);
        return mel;
    }
}
