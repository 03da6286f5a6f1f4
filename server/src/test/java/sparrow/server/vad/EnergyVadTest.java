package sparrow.server.vad;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnergyVadTest {
    private final EnergyVad vad = new EnergyVad();

    @Test
    void nineDecibelsAboveTheRoomAreSpeech() {
        hear(-50, 200);

        assertThat(hear(-41.5f, 1)).isLessThan(0.5f);
        assertThat(hear(-40.5f, 1)).isGreaterThan(0.5f);
        assertThat(hear(-30, 1)).isGreaterThan(0.99f);
        assertThat(hear(-50, 1)).isLessThan(0.01f);
    }

    @Test
    void digitalSilenceDoesNotMakeSpeechOfAHiss() {
        assertThat(hear(Float.NEGATIVE_INFINITY, 200)).isLessThan(0.01f);

        assertThat(hear(-55, 1)).isLessThan(0.1f);
        assertThat(hear(-45, 1)).isGreaterThan(0.9f);
    }

    @Test
    void aSoundThatBeginsWithSpeechIsHeardAtOnce() {
        assertThat(hear(-25, 1)).isGreaterThan(0.99f);
    }

    @Test
    void aNoiseThatStaysBecomesTheRoomAfterThreeSeconds() {
        hear(-60, 100);

        assertThat(hear(-20, 1)).isGreaterThan(0.99f);
        assertThat(hear(-20, 94)).isGreaterThan(0.99f);
        assertThat(hear(-20, 1)).isLessThan(0.01f);
        assertThat(hear(-10, 1)).isGreaterThan(0.5f);
        assertThat(hear(-60, 1)).isLessThan(0.01f);
        assertThat(hear(-20, 1)).isGreaterThan(0.99f);
    }

    @Test
    void aResetDetectorIsANewOne() {
        float[] sound = Examples.samples("q01");
        float[] fresh = SileroVadTest.probabilities(vad, sound);

        hear(-10, 300);
        vad.reset();

        assertThat(SileroVadTest.probabilities(vad, sound)).isEqualTo(fresh);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void anyFloatsGiveAProbability(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] samples = new float[100 * Vad.FRAME_SAMPLES];
        for (int i = 0; i < samples.length; i++) samples[i] = Float.intBitsToFloat(random.nextInt());

        for (float probability : SileroVadTest.probabilities(vad, samples))
            assertThat(probability).isBetween(0f, 1f);
    }

    /** So many frames of a square wave of this level; the probability of the last one. */
    private float hear(float levelDb, int frames) {
        float[] samples = new float[Vad.FRAME_SAMPLES];
        float amplitude = (float) Math.pow(10, levelDb / 20);
        for (int i = 0; i < samples.length; i++) samples[i] = i % 64 < 32 ? amplitude : -amplitude;
        float probability = 0;
        for (int i = 0; i < frames; i++) probability = vad.probability(samples, 0);
        return probability;
    }
}
