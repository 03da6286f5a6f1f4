package sparrow.server.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

class Pcm16Test {
    @Test
    void everyStepComesBack() {
        byte[] all = new byte[2 * 65_536];
        for (int i = 0; i < 65_536; i++) {
            all[2 * i] = (byte) i;
            all[2 * i + 1] = (byte) (i >> 8);
        }

        assertThat(Pcm16.encode(Pcm16.decode(all))).isEqualTo(all);
    }

    @Test
    void stepsAreLittleEndian() {
        assertThat(Pcm16.decode(new byte[] {0, 0x40, 0, (byte) 0x80, 1, 0})).containsExactly(0.5f, -1, 0x1p-15f);
    }

    @Test
    void samplesAreRoundedAndClippedAndWhatIsNoNumberIsSilent() {
        float step = 0x1p-15f;
        float[] samples = {
            0.4f * step,
            0.5f * step,
            -0.5f * step,
            -0.6f * step,
            1,
            2,
            -1,
            -2,
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY
        };

        float[] steps = Pcm16.decode(Pcm16.encode(samples));

        for (int i = 0; i < steps.length; i++) steps[i] *= 32_768;
        assertThat(steps).containsExactly(0, 1, 0, -1, 32_767, 32_767, -32_768, -32_768, 0, 32_767, -32_768);
    }

    @Test
    void bytesAreThoseOfAWavFile() {
        SplittableRandom random = new SplittableRandom(1);
        float[] samples = new float[1_000];
        for (int i = 0; i < samples.length; i++) samples[i] = (float) random.nextDouble(-1.1, 1.1);

        byte[] wav = WavFile.bytes(new Waveform(samples, 24_000), SampleFormat.PCM16);

        assertThat(Pcm16.encode(samples)).isEqualTo(Arrays.copyOfRange(wav, 44, wav.length));
    }

    @Test
    void halfASampleIsRefused() {
        assertThatThrownBy(() -> Pcm16.decode(new byte[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("pcm16: expected whole samples of 2 bytes, found 3 bytes");
    }
}
