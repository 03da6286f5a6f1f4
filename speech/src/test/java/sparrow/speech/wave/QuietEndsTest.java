package sparrow.speech.wave;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuietEndsTest {
    private static final int KEPT_MS = 300;

    @ParameterizedTest
    @CsvSource({"8000, 0", "16000, 0", "44100, 0", "16000, 0.001", "24000, 0.003"})
    void atMostTheGivenQuietIsKeptAtEachEnd(int rateHz, float noise) {
        Waveform cut = QuietEnds.cut(sound(rateHz, 2000, 1500, 3300, noise), KEPT_MS);
        assertThat(cut.sampleRateHz()).isEqualTo(rateHz);
        assertThat(cut.seconds()).isBetween(2.08, 2.13);
        int before = 0;
        while (Math.abs(cut.samples()[before]) < 0.05f) before++;
        assertThat((double) before / rateHz).isBetween(0.29, 0.32);
    }

    @Test
    void lessQuietIsKeptAsItIs() {
        Waveform short_ = sound(16_000, 250, 1500, 290, 0.001f);
        assertThat(QuietEnds.cut(short_, KEPT_MS)).isSameAs(short_);
    }

    @Test
    void quietInTheMiddleIsKept() {
        Waveform sound = sound(16_000, 0, 1000, 0, 0);
        float[] twice = new float[80_000];
        System.arraycopy(sound.samples(), 0, twice, 0, 16_000);
        System.arraycopy(sound.samples(), 0, twice, 64_000, 16_000);
        Waveform both = new Waveform(twice, 16_000);
        assertThat(QuietEnds.cut(both, KEPT_MS)).isSameAs(both);
    }

    @Test
    void aClickOfAButtonIsQuiet() {
        Waveform sound = sound(16_000, 100, 1000, 2000, 0);
        for (int i = 0; i < 300; i++) sound.samples()[45_000 + i] = i % 2 == 0 ? 0.9f : -0.9f;
        assertThat(QuietEnds.cut(sound, KEPT_MS).seconds()).isBetween(1.38, 1.43);
    }

    @Test
    void aConstantOffsetIsQuiet() {
        Waveform sound = sound(16_000, 1000, 1000, 1000, 0);
        for (int i = 0; i < sound.samples().length; i++) sound.samples()[i] += 0.1f;
        assertThat(QuietEnds.cut(sound, KEPT_MS).seconds()).isBetween(1.58, 1.63);
    }

    @Test
    void audioWithoutASoundIsKept() {
        for (int ms : new int[] {0, 5, 30, 2000}) {
            Waveform silence = sound(16_000, ms, 0, 0, 0);
            assertThat(QuietEnds.cut(silence, KEPT_MS)).isSameAs(silence);
        }
        Waveform invalid = new Waveform(new float[16_000], 16_000);
        invalid.samples()[8000] = Float.NaN;
        assertThat(QuietEnds.cut(invalid, KEPT_MS)).isSameAs(invalid);
    }

    /** Returns a tone of 200 Hz with quiet before and after it, and noise everywhere. */
    private static Waveform sound(int rateHz, int beforeMs, int toneMs, int afterMs, float noise) {
        int before = beforeMs * rateHz / 1000;
        int tone = toneMs * rateHz / 1000;
        float[] samples = new float[before + tone + afterMs * rateHz / 1000];
        Random random = new Random(5);
        for (int i = 0; i < samples.length; i++) {
            boolean sounds = i >= before && i < before + tone;
            samples[i] = noise * (float) random.nextGaussian();
            if (sounds) samples[i] += 0.3f * (float) Math.cos(2 * Math.PI * 200 * (i - before) / rateHz);
        }
        return new Waveform(samples, rateHz);
    }
}
