package sparrow.speech.wave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WaveformTest {
    private static Waveform sine(double hz, int rateHz, int samples) {
        float[] sine = new float[samples];
        for (int i = 0; i < samples; i++) sine[i] = (float) (0.5 * Math.sin(2 * Math.PI * hz * i / rateHz));
        return new Waveform(sine, rateHz);
    }

    @ParameterizedTest(name = "{0} Hz to {1} Hz")
    @CsvSource({
        "8000,16000",
        "11025,16000",
        "22050,16000",
        "24000,16000",
        "44100,16000",
        "44101,16000",
        "48000,16000",
        "96000,16000",
        "767999,16000",
        "16000,24000",
        "16000,22050",
        "16000,15999"
    })
    void resamplingKeepsASinesFrequencyPhaseAndAmplitude(int fromHz, int toHz) {
        Waveform resampled = sine(440, fromHz, fromHz / 4).at(toHz);

        assertThat(resampled.sampleRateHz()).isEqualTo(toHz);
        assertThat(resampled.samples()).hasSize((int) Math.ceilDiv((long) (fromHz / 4) * toHz, fromHz));
        // Away from the ends, where the input stops; 6 zero crossings ripple by about 2e-3 in the pass band.
        float[] expected = sine(440, toHz, resampled.samples().length).samples();
        for (int i = toHz / 100; i < expected.length - toHz / 100; i++) {
            assertThat(resampled.samples()[i]).as("sample %d", i).isCloseTo(expected[i], within(2e-3f));
        }
    }

    @Test
    void resamplingRemovesWhatTheLowerRateCannotHold() {
        Waveform resampled = sine(11_000, 44_100, 44_100).at(16_000);

        float[] inner = Arrays.copyOfRange(resampled.samples(), 200, 15_800);
        assertThat(new Waveform(inner, 16_000).peak()).isLessThan(0.005f);
    }

    @Test
    void theSameRateIsTheSameSound() {
        Waveform sine = sine(440, 16_000, 100);

        assertThat(sine.at(16_000)).isSameAs(sine);
    }

    @Test
    void noSamplesStayNoSamples() {
        assertThat(new Waveform(new float[0], 8_000).at(16_000).samples()).isEmpty();
    }

    @Test
    void refusesToGrowBeyondTheLargestWaveform() {
        Waveform long1kHz = new Waveform(new float[400_000], 1_000);

        assertThatThrownBy(() -> long1kHz.at(768_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("resampling: expected at most 268435456 result samples, got 307200000");
    }

    @ParameterizedTest(name = "{0} Hz")
    @ValueSource(ints = {-1, 0, 999, 768_001})
    void refusesWhatIsNoSampleRate(int hz) {
        assertThatThrownBy(() -> new Waveform(new float[1], hz)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sine(440, 16_000, 9).at(hz)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void isSilentBelowAThousandthOfFullScale() {
        assertThat(new Waveform(new float[16], 16_000).isSilent()).isTrue();
        assertThat(new Waveform(new float[0], 16_000).isSilent()).isTrue();
        assertThat(new Waveform(new float[] {0, -0.0009f}, 16_000).isSilent()).isTrue();
        assertThat(new Waveform(new float[] {0, -0.0011f}, 16_000).isSilent()).isFalse();
    }

    @Test
    void theMeanOfChannelsIsTakenSampleBySample() {
        Waveform left = new Waveform(new float[] {1, 0.5f}, 16_000);
        Waveform right = new Waveform(new float[] {0, -0.25f}, 16_000);

        assertThat(Waveform.mean(List.of(left, right)).samples()).containsExactly(0.5f, 0.125f);
        assertThat(Waveform.mean(List.of(left, right)).sampleRateHz()).isEqualTo(16_000);
        assertThat(Waveform.mean(List.of(left))).isSameAs(left);
    }

    @Test
    void channelsOfDifferentFormHaveNoMean() {
        Waveform left = new Waveform(new float[2], 16_000);

        assertThatThrownBy(() -> Waveform.mean(List.of(left, new Waveform(new float[2], 8_000))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mean of channels: expected 2 samples at 16000 Hz in each, got 2 samples at 8000 Hz");
        assertThatThrownBy(() -> Waveform.mean(List.of(left, new Waveform(new float[3], 16_000))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Waveform.mean(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void knowsItsSeconds() {
        assertThat(new Waveform(new float[24_000], 16_000).seconds()).isEqualTo(1.5);
    }
}
