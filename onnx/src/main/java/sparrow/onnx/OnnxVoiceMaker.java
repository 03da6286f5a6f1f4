package sparrow.onnx;

import java.nio.file.Path;
import java.util.List;
import sparrow.speech.voice.Voice;
import sparrow.speech.voice.VoiceMaker;
import sparrow.speech.voice.VoicePrompt;
import sparrow.speech.wave.Waveform;

/** Creates voices, the prompts of Step-Audio-2's Token2wav, with the published ONNX files. */
public final class OnnxVoiceMaker implements VoiceMaker {
    private static final String SPEECH_TOKENIZER = "speech_tokenizer_v2_25hz.onnx";
    private static final String SPEAKER_ENCODER = "campplus.onnx";

    /** Creates a voice maker; called by {@link java.util.ServiceLoader}. */
    public OnnxVoiceMaker() {}

    @Override
    public Voice make(List<Waveform> channels, Path token2wavFolder) {
        VoicePrompt prompt = VoicePrompt.of(channels);
        float[] speaker = speaker(token2wavFolder.resolve(SPEAKER_ENCODER), prompt);
        int[] codes = codes(token2wavFolder.resolve(SPEECH_TOKENIZER), prompt);
        return prompt.voice(codes, speaker);
    }

    private static float[] speaker(Path file, VoicePrompt prompt) {
        try (SpeakerEncoder encoder = SpeakerEncoder.open(file)) {
            return encoder.vector(prompt.filterBank());
        }
    }

    private static int[] codes(Path file, VoicePrompt prompt) {
        try (SpeechTokenizer tokenizer = SpeechTokenizer.open(file)) {
            return tokenizer.codes(prompt.logMel());
        }
    }
}
