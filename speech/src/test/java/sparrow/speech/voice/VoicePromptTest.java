package sparrow.speech.voice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sparrow.speech.Golden.STEP;
import static sparrow.speech.Golden.assertClose;
import static sparrow.speech.Golden.transposed;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Safetensors;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

class VoicePromptTest {
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"speech16k", "stereo24k"})
    void hearsAWavFileAsTheReferenceDoes(String name) throws IOException {
        VoicePrompt prompt = VoicePrompt.of(WavFile.readChannels(STEP.resolve("wav/" + name + ".wav")));

        try (Checkpoint golden = Safetensors.open(STEP.resolve("cases/prompt_dsp.safetensors"))) {
            float[] logMel = golden.tensor(name + ".s3_logmel").toFloats();
            float[] filterBank =
                    golden.tensor(name + ".kaldi_fbank80_minus_mean").toFloats();
            float[] mel = golden.tensor(name + ".mel24k_T_80").toFloats();

            // The golden data's own tolerances.
            assertClose("log-mel", prompt.logMel(), transposed(logMel, 128), 5e-5f);
            assertClose("filter bank", prompt.filterBank(), filterBank, 1e-3f);
            assertClose("mel", prompt.mel(), mel, 5e-5f);
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"speech16k", "stereo24k"})
    void fitsTheMelToTheCodes(String name) throws IOException {
        try (Checkpoint golden = Safetensors.open(STEP.resolve("cases/prompt_dsp.safetensors"))) {
            VoicePrompt prompt = new VoicePrompt(
                    new float[0],
                    new float[0],
                    golden.tensor(name + ".mel24k_T_80").toFloats());
            int[] codes = golden.tensor(name + ".prompt_tokens").toInts();

            Voice voice = prompt.voice(codes, new float[] {1});

            assertThat(voice.mel())
                    .containsExactly(golden.tensor(name + ".prompt_mels_padded").toFloats());
        }
    }

    @Test
    void cutsAMelThatIsLongerThanItsCodes() {
        float[] mel = new float[9 * 80];
        for (int i = 0; i < mel.length; i++) mel[i] = i;

        Voice voice = new VoicePrompt(new float[0], new float[0], mel).voice(new int[4], new float[] {1});

        assertThat(voice.mel()).containsExactly(Arrays.copyOf(mel, 8 * 80));
    }

    @ParameterizedTest(name = "{0} frames")
    @ValueSource(ints = {1, 2, 3, 4, 5, 8, 9, 150, 299, 300, 3000})
    void codesAreThoseOfTwoConvolutionsOfStrideTwo(int frames) {
        int once = (frames - 1) / 2 + 1;

        assertThat(VoicePrompt.codes(frames)).isEqualTo((once - 1) / 2 + 1);
    }

    @Test
    void takesNinetyMillisecondsAndRefusesLess() {
        VoicePrompt shortest = VoicePrompt.of(List.of(tone(1440)));

        assertThat(VoicePrompt.codes(shortest.logMel().length / 128)).isEqualTo(Voice.MIN_CODES);
        assertThatThrownBy(() -> VoicePrompt.of(List.of(tone(1439))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("voice prompt: expected 90 ms of speech or more, got 89.9");
        assertThatThrownBy(() -> VoicePrompt.of(List.of(new Waveform(new float[0], 16_000))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("voice prompt: expected 90 ms of speech or more, got 0.0");
    }

    @Test
    void refusesSilence() {
        Waveform silent = new Waveform(new float[16_000], 16_000);
        Waveform speech = tone(16_000);
        float[] opposite = new float[16_000];
        for (int i = 0; i < opposite.length; i++) opposite[i] = -speech.samples()[i];

        assertThatThrownBy(() -> VoicePrompt.of(List.of(silent)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("voice prompt: its first channel is silent");
        assertThatThrownBy(() -> VoicePrompt.of(List.of(silent, speech)))
                .hasMessage("voice prompt: its first channel is silent");
        assertThatThrownBy(() -> VoicePrompt.of(List.of(speech, new Waveform(opposite, 16_000))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("voice prompt: the mean of its channels is silent");
    }

    private static Waveform tone(int samples) {
        float[] tone = new float[samples];
        for (int i = 0; i < samples; i++) tone[i] = (float) Math.sin(0.1 * i);
        return new Waveform(tone, 16_000);
    }
}
