package sparrow.speech.wave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class StreamingResamplerTest {
    private static final int[][] RATES = {
        {24_000, 16_000}, {22_050, 24_000}, {24_000, 8_000}, {8_000, 16_000}, {8_000, 24_000}, {48_000, 24_000},
        {44_100, 24_000}, {22_050, 8_000}, {16_000, 16_000}, {1_000, 768_000}, {768_000, 1_000}, {15_991, 16_000}
    };

    static Stream<Arguments> cuts() {
        return LongStream.range(0, 12)
                .boxed()
                .flatMap(seed ->
                        IntStream.range(0, RATES.length).mapToObj(i -> Arguments.of(seed, RATES[i][0], RATES[i][1])));
    }

    @ParameterizedTest(name = "seed {0}: {1} Hz to {2} Hz")
    @MethodSource("cuts")
    void piecesGiveWhatTheWholeGivesToTheBit(long seed, int fromHz, int toHz) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] whole = noise(random.nextInt(Math.clamp(2_000L * fromHz / toHz, 50, 2_000)), random);
        // Small pieces, empty ones among them, or pieces longer than the filter.
        int longest = random.nextBoolean() ? 3 : 700;

        float[] resampled = inPieces(new StreamingResampler(fromHz, toHz), whole, longest, random);

        assertThat(resampled).isEqualTo(new Waveform(whole, fromHz).at(toHz).samples());
    }

    private static float[] inPieces(StreamingResampler resampler, float[] whole, int longest, SplittableRandom random) {
        float[] joined = {};
        int at = 0;
        boolean last = false;
        while (!last) {
            int to = Math.min(whole.length, at + random.nextInt(longest + 1));
            last = to == whole.length && random.nextBoolean(); // the last piece may be empty
            joined = join(joined, resampler.accept(Arrays.copyOfRange(whole, at, to), last));
            at = to;
        }
        return joined;
    }

    @ParameterizedTest(name = "{0} Hz to {1} Hz")
    @CsvSource({"24000,16000", "22050,24000", "24000,8000", "8000,16000", "44100,24000", "16000,16000"})
    void resultsAreLateByTheLatencyAndNoMore(int fromHz, int toHz) {
        StreamingResampler resampler = new StreamingResampler(fromHz, toHz);
        long results = 0;

        for (int received = 1; received < 500; received++) {
            results += resampler.accept(new float[1], false).length;
            double seconds = Math.max(0, (double) received / fromHz - resampler.latencySeconds());
            assertThat(results).as("results of %d samples", received).isEqualTo((long)
                    Math.ceil(seconds * toHz - 1e-6));
        }
        assertThat(resampler.latencySeconds()).isBetween(0.0, 0.001);
    }

    @Test
    void goesOnForHoursWithoutKeepingThem() {
        StreamingResampler resampler = new StreamingResampler(22_050, 24_000);
        float[] second = noise(22_050, new SplittableRandom(1));
        long results = 0;

        for (int i = 0; i < 60; i++) results += resampler.accept(second, false).length;

        assertThat(results).isBetween(60 * 24_000L - 24, 60 * 24_000L);
        assertThat(resampler.keptSamples()).isLessThan(32);
    }

    @Test
    void resultsBelongToTheCaller() {
        float[] piece = {1, 2};

        float[] same = new StreamingResampler(16_000, 16_000).accept(piece, false);
        same[0] = 9;

        assertThat(piece).containsExactly(1, 2);
    }

    @Test
    void aPieceIsNotKeptButCopied() {
        float[] whole = noise(400, new SplittableRandom(3));
        float[] piece = Arrays.copyOf(whole, 200);
        StreamingResampler resampler = new StreamingResampler(24_000, 16_000);

        float[] first = resampler.accept(piece, false);
        Arrays.fill(piece, Float.NaN);
        float[] second = resampler.accept(Arrays.copyOfRange(whole, 200, 400), true);

        assertThat(join(first, second))
                .containsExactly(new Waveform(whole, 24_000).at(16_000).samples());
    }

    @Test
    void nothingComesAfterTheLastPiece() {
        StreamingResampler resampler = new StreamingResampler(24_000, 16_000);
        resampler.accept(new float[9], true);

        assertThatThrownBy(() -> resampler.accept(new float[0], true))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("resampling: expected no piece after the last one");
    }

    @Test
    void refusesAPieceThatWouldGrowBeyondTheLargestWaveformAndGoesOn() {
        StreamingResampler resampler = new StreamingResampler(1_000, 768_000);

        assertThatThrownBy(() -> resampler.accept(new float[400_000], true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("resampling: expected at most 268435456 result samples, got 307200000");
        assertThat(resampler.accept(new float[2], true)).hasSize(2 * 768);
    }

    @Test
    void refusesWhatIsNoRate() {
        assertThatThrownBy(() -> new StreamingResampler(24_000, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("resampling from 24000 Hz to 0 Hz: expected 1000 to 768000 Hz");
    }

    private static float[] noise(int samples, SplittableRandom random) {
        float[] noise = new float[samples];
        for (int i = 0; i < samples; i++) noise[i] = (float) random.nextDouble(-1, 1);
        return noise;
    }

    private static float[] join(float[] a, float[] b) {
        float[] joined = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, joined, a.length, b.length);
        return joined;
    }
}
