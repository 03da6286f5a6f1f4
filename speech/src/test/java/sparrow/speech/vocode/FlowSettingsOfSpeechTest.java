package sparrow.speech.vocode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.speech.Goldens;
import sparrow.speech.schedule.FlowSchedule;

/** GLM-4-Voice's speech where the flow computes less than published. */
class FlowSettingsOfSpeechTest {
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
        return new SplittableRandom(77).longs(6);
    }

    @Test
    void contextLongerThanTheUtteranceIsThePublishedComputationBitForBit() {
        int[] codes = codes(new SplittableRandom(1), 60);

        float[] published = inBlocks(model.stream(Noise.seeded(5)), codes, 13);
        float[] longer = inBlocks(with(10, 5).stream(Noise.seeded(5)), codes, 13);

        assertThat(longer).isEqualTo(published);
    }

    @Tag("full")
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void speechIsAsLongAsTheWholeForAnyCutsAndContext(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] codes = codes(random, random.nextInt(60, 90));
        GlmVocoder forgetful = with(2, random.nextDouble(1, 3));
        SpeechStream stream = forgetful.stream(Noise.seeded(seed));

        int samples = 0;
        for (int at = 0; at < codes.length; ) {
            int end = Math.min(codes.length, at + random.nextInt(1, 25));
            float[] piece = stream.accept(Arrays.copyOfRange(codes, at, end), end == codes.length);
            for (float sample : piece) assertThat(Math.abs(sample)).isLessThanOrEqualTo(1);
            samples += piece.length;
            at = end;
        }

        assertThat(samples).isEqualTo(model.samples(codes.length));
    }

    @Test
    void whatIsRememberedIsBoundedByTheContext() {
        SplittableRandom random = new SplittableRandom(2);
        AudioDecoderStream stream =
                new AudioDecoderStream(with(1, 2), Noise.seeded(1), AudioDecoderStream.Joints.SEAMLESS, stage -> {});

        for (int block = 0; block < 12; block++) stream.accept(codes(random, 10), false);

        // 25 codes of context, up to 9 more so that the encoder's blocks stay whole, and the newest block.
        assertThat(stream.rememberedCodes()).isBetween(35, 44);
        assertThat(stream.rememberedFrames()).isLessThanOrEqualTo(model.frames(44));
    }

    @Tag("full")
    @Test
    void shortContextAndFewerStepsChangeTheSpeech() {
        int[] codes = codes(new SplittableRandom(3), 60);
        float[] published = inBlocks(model.stream(Noise.seeded(5)), codes, 20);

        float[] forgetful = inBlocks(with(10, 1).stream(Noise.seeded(5)), codes, 20);
        float[] quick = inBlocks(with(5, Double.POSITIVE_INFINITY).stream(Noise.seeded(5)), codes, 20);

        assertThat(forgetful).hasSameSizeAs(published).isNotEqualTo(published);
        // Of two blocks of 20 codes, nothing is longer ago than the context.
        int untouched = model.samples(40) - model.samples(5) - 256;
        assertThat(Arrays.copyOf(forgetful, untouched)).isEqualTo(Arrays.copyOf(published, untouched));
        assertThat(quick).hasSameSizeAs(published).isNotEqualTo(published);
    }

    @Test
    void blocksAreThoseOfAConversation() {
        int[] codes = codes(new SplittableRandom(4), 40);
        SpeechStream stream = model.stream(Noise.seeded(6));
        float[] first = stream.accept(Arrays.copyOf(codes, 25), false);
        float[] rest = stream.accept(Arrays.copyOfRange(codes, 25, 40), true);

        assertThat(model.synthesizeInBlocks(codes, Noise.seeded(6))).isEqualTo(Pieces.joined(first, rest));
        assertThat(model.synthesizeInBlocks(new int[0], Noise.seeded(6))).isEmpty();
    }

    private static GlmVocoder with(int steps, double contextSeconds) {
        return model.with(new FlowSettings(FlowSchedule.cosine(steps), contextSeconds));
    }

    private static float[] inBlocks(SpeechStream stream, int[] codes, int size) {
        float[] speech = {};
        for (int at = 0; at < codes.length; at += size) {
            int end = Math.min(codes.length, at + size);
            speech = Pieces.joined(speech, stream.accept(Arrays.copyOfRange(codes, at, end), end == codes.length));
        }
        return speech;
    }

    private static int[] codes(SplittableRandom random, int n) {
        return random.ints(n, 0, model.vocabulary()).toArray();
    }
}
