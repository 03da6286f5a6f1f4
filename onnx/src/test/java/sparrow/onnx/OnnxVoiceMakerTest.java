package sparrow.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static sparrow.onnx.Surrogates.STEP;
import static sparrow.onnx.Surrogates.TOKEN2WAV;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Safetensors;
import sparrow.speech.voice.Voice;
import sparrow.speech.voice.VoiceFile;
import sparrow.speech.voice.VoiceMaker;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.Tensor;

class OnnxVoiceMakerTest {
    private static final String TOKENIZER = "speech_tokenizer_v2_25hz.onnx";
    private static final String SPEAKER = "campplus.onnx";

    @TempDir
    private Path folder;

    private final VoiceMaker maker = new OnnxVoiceMaker();

    private static List<Waveform> speech() throws IOException {
        return WavFile.readChannels(STEP.resolve("wav/speech16k.wav"));
    }

    @Test
    void isFoundAsTheVoiceMaker() {
        assertThat(VoiceMaker.find()).containsInstanceOf(OnnxVoiceMaker.class);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"speech16k", "stereo24k"})
    void makesTheVoiceOfTheReference(String name) throws IOException {
        Voice voice = maker.make(WavFile.readChannels(STEP.resolve("wav/" + name + ".wav")), TOKEN2WAV);

        try (Checkpoint golden = Safetensors.open(STEP.resolve("cases/prompt_dsp.safetensors"))) {
            int[] codes = golden.tensor(name + ".prompt_tokens").toInts();
            assertThat(voice.codes()).containsExactly(codes);
            // On the reference's features the vector is its own within 1e-5; the features of its f32 transform are
            // off by up to 2e-4, and the surrogate sums 80 of their means with weights of about 1.
            assertThat(voice.speaker()).containsExactly(golden.floats(name + ".spk_emb", 1, 24), within(5e-5f));
            assertThat(voice.mel())
                    .containsExactly(golden.floats(name + ".prompt_mels_padded", 1, -1, 80), within(5e-5f));
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"speech16k", "stereo24k"})
    void theSpeakersVectorIsThatOfTheReference(String name) throws IOException {
        try (Checkpoint golden = Safetensors.open(STEP.resolve("cases/prompt_dsp.safetensors"));
                SpeakerEncoder encoder = SpeakerEncoder.open(TOKEN2WAV.resolve(SPEAKER))) {
            float[] features = golden.floats(name + ".kaldi_fbank80_minus_mean", -1, 80);

            // Sums of 298 and 80 terms in f32, of magnitude 10: a few 1e-6.
            assertThat(encoder.vector(features))
                    .containsExactly(golden.floats(name + ".spk_emb", 1, 24), within(1e-5f));
        }
    }

    @Test
    void aVoiceThatWasWrittenNeedsNoNetwork() throws IOException {
        Voice voice = maker.make(speech(), TOKEN2WAV);

        VoiceFile.write(folder.resolve(VoiceFile.NAME), voice);

        Voice cached = VoiceFile.read(folder.resolve(VoiceFile.NAME));
        assertThat(cached.codes()).containsExactly(voice.codes());
        assertThat(cached.speaker()).containsExactly(voice.speaker());
        assertThat(cached.mel()).containsExactly(voice.mel());
    }

    @Test
    void windowsGiveTheCodesOfTheWhole() {
        SplittableRandom random = new SplittableRandom(5);
        int frames = 7000;
        float[] logMel = new float[frames * 128];
        for (int i = 0; i < logMel.length; i++) logMel[i] = (float) random.nextDouble(-1.5, 1.5);
        float[] binsFirst = new float[logMel.length];
        for (int i = 0; i < logMel.length; i++) binsFirst[i % 128 * frames + i / 128] = logMel[i];

        // The surrogate's convolutions see a few frames around each code, so windows lose nothing.
        try (SpeechTokenizer tokenizer = SpeechTokenizer.open(TOKEN2WAV.resolve(TOKENIZER));
                OnnxModel model = OnnxModel.open(TOKEN2WAV.resolve(TOKENIZER))) {
            Tensor whole = model.run(Map.of(
                            "feats", Tensor.of(binsFirst, 1, 128, frames),
                            "feats_length", Tensor.of(new int[] {frames}, 1)))
                    .get("indices");

            assertThat(tokenizer.codes(logMel)).hasSize(frames / 4).containsExactly(whole.toInts());
        }
    }

    @Test
    void refusesSpeechThatIsNone() {
        Waveform silence = new Waveform(new float[16_000], 16_000);
        Waveform click = new Waveform(new float[] {1, -1}, 16_000);

        assertThatThrownBy(() -> maker.make(List.of(silence), TOKEN2WAV))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("voice prompt: its first channel is silent");
        assertThatThrownBy(() -> maker.make(List.of(click), TOKEN2WAV))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("voice prompt: expected 90 ms of speech or more, got 0.1");
    }

    @Test
    void refusesAFolderWithoutItsNetworks() throws IOException {
        assertThatThrownBy(() -> maker.make(speech(), folder))
                .isInstanceOf(BadFileException.class)
                .hasMessage(folder.resolve(SPEAKER) + ": no such file");

        Files.copy(TOKEN2WAV.resolve(SPEAKER), folder.resolve(SPEAKER));

        assertThatThrownBy(() -> maker.make(speech(), folder))
                .isInstanceOf(BadFileException.class)
                .hasMessage(folder.resolve(TOKENIZER) + ": no such file");
    }

    @Test
    void refusesOneNetworkInThePlaceOfTheOther() throws IOException {
        Files.copy(TOKEN2WAV.resolve(SPEAKER), folder.resolve(SPEAKER));
        Files.copy(TOKEN2WAV.resolve(SPEAKER), folder.resolve(TOKENIZER));

        assertThatThrownBy(() -> maker.make(speech(), folder))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(folder.resolve(TOKENIZER) + ": input feats: expected it, found [input F32");

        Files.delete(folder.resolve(SPEAKER));
        Files.copy(TOKEN2WAV.resolve(TOKENIZER), folder.resolve(SPEAKER));

        assertThatThrownBy(() -> maker.make(speech(), folder))
                .isInstanceOf(BadFileException.class)
                .hasMessage(folder.resolve(SPEAKER)
                        + ": inputs: expected one, found [feats F32 [1, 128, any], feats_length I32 [1]]");
    }

    @Test
    void refusesAPageThatWasDownloadedInsteadOfANetwork() throws IOException {
        Files.writeString(folder.resolve(SPEAKER), "<!doctype html>");

        assertThatThrownBy(() -> maker.make(speech(), folder))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(folder.resolve(SPEAKER) + ": expected an ONNX model: ")
                .hasMessageNotContaining("\n");
    }
}
