package sparrow.speech.wave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class G711Test {
    private static int value(G711 law, int code) {
        int fullScale = law == G711.MU_LAW ? 8_192 : 4_096;
        float value = law.decode(new byte[] {(byte) code})[0] * fullScale;
        assertThat(value).isEqualTo(Math.round(value));
        return Math.round(value);
    }

    /** Tables 2a and 2b of the recommendation: the first and last value of each segment, from the loudest one. */
    @ParameterizedTest(name = "µ-law segment of code {0}: {1} to {2}, step {3}")
    @CsvSource({
        "0x80,8031,4191,256",
        "0x90,3999,2079,128",
        "0xA0,1983,1023,64",
        "0xB0,975,495,32",
        "0xC0,471,231,16",
        "0xD0,219,99,8",
        "0xE0,93,33,4",
        "0xF0,30,0,2"
    })
    void muLawHasTheValuesOfTheRecommendation(String loudest, int largest, int smallest, int step) {
        int first = Integer.decode(loudest);

        assertThat(value(G711.MU_LAW, first + 15)).isEqualTo(smallest);
        for (int i = 0; i < 16; i++) {
            assertThat(value(G711.MU_LAW, first + i)).isEqualTo(largest - i * step);
            assertThat(value(G711.MU_LAW, first + i - 0x80)).isEqualTo(-(largest - i * step));
        }
    }

    /** Tables 1a and 1b of the recommendation, where every second bit is inverted on the line. */
    @ParameterizedTest(name = "A-law segment {0}: {1} to {2}, step {3}")
    @CsvSource({
        "0,1,31,2",
        "1,33,63,2",
        "2,66,126,4",
        "3,132,252,8",
        "4,264,504,16",
        "5,528,1008,32",
        "6,1056,2016,64",
        "7,2112,4032,128"
    })
    void aLawHasTheValuesOfTheRecommendation(int segment, int smallest, int largest, int step) {
        assertThat(smallest + 15 * step).isEqualTo(largest);
        for (int i = 0; i < 16; i++) {
            int code = (0x80 | segment << 4 | i) ^ 0x55;
            assertThat(value(G711.A_LAW, code)).isEqualTo(smallest + i * step);
            assertThat(value(G711.A_LAW, code ^ 0x80)).isEqualTo(-(smallest + i * step));
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyCodeComesBack(G711 law) {
        byte[] codes = new byte[256];
        for (int i = 0; i < 256; i++) codes[i] = (byte) i;

        byte[] again = law.encode(law.decode(codes));

        // µ-law has two zeros, and a zero has no sign: the negative one comes back as the positive one.
        if (law == G711.MU_LAW) codes[0x7f] = (byte) 0xff;
        assertThat(again).isEqualTo(codes);
    }

    @ParameterizedTest
    @EnumSource
    void louderSamplesNeverComeOutQuieterAndBothSignsAreAlike(G711 law) {
        float[] rising = new float[] {Float.NEGATIVE_INFINITY, -1.5f, 0, 1.5f, Float.POSITIVE_INFINITY
        }; // and all steps of 16 bits
        float[] steps = new float[65_536];
        IntStream.range(0, steps.length).forEach(i -> steps[i] = (i - 32_768) * 0x1p-15f);

        for (float[] samples : new float[][] {rising, steps}) {
            float[] heard = law.decode(law.encode(samples));
            for (int i = 1; i < heard.length; i++) assertThat(heard[i]).isGreaterThanOrEqualTo(heard[i - 1]);
        }
        for (float sample : steps) {
            if (sample == 0) continue;
            float[] both = law.decode(law.encode(new float[] {sample, -sample}));
            assertThat(both[0]).isEqualTo(-both[1]);
        }
    }

    @ParameterizedTest
    @EnumSource
    void errorsAreAtMostHalfAStepOfTheSegment(G711 law) {
        for (int i = -32_768; i < 32_768; i++) {
            float sample = i * 0x1p-15f;
            float heard = law.decode(law.encode(new float[] {sample}))[0];
            // A step is a sixteenth of its segment, which is no longer than its own distance from zero, with µ-law's
            // bias.
            float halfStep = Math.max(0x1p-12f, (Math.abs(sample) + 33 * 0x1p-13f) / 32) + 1e-6f;
            boolean clipped = Math.abs(sample) > 8_031 * 0x1p-13f;
            assertThat(heard).as("step %d", i).isCloseTo(sample, within(clipped ? 0.02f : halfStep));
        }
    }

    @Test
    void silenceAndWhatIsNoNumberAreTheSmallestCode() {
        float[] silent = {0, -0f, Float.NaN};

        assertThat(G711.MU_LAW.encode(silent)).containsOnly(0xff);
        assertThat(G711.A_LAW.encode(silent)).containsOnly(0xd5);
    }
}
