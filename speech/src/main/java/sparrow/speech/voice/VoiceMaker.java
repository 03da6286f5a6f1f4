package sparrow.speech.voice;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import sparrow.speech.wave.Waveform;

/**
 * Makes a voice from recorded speech with the networks of a checkpoint's folder {@code token2wav}. They are published
 * as ONNX files, so the implementation lives in an optional module of its own. A cached voice ({@link VoiceFile}) does
 * not need it.
 */
public interface VoiceMaker {
    /**
     * The voice of a speaker.
     *
     * @param channels of the speech, of one length and rate; as {@link sparrow.speech.wave.WavFile#readChannels} gives
     *     them
     * @param token2wavFolder that holds the speech tokenizer and the speaker encoder
     * @throws sparrow.formats.weights.BadFileException if a network is missing or of another shape
     * @throws IllegalArgumentException if the speech is silent or too short
     * @throws IOException if a network cannot be read
     */
    Voice make(List<Waveform> channels, Path token2wavFolder) throws IOException;

    /** The installed voice maker; empty without the module {@code onnx}. */
    static Optional<VoiceMaker> find() {
        return ServiceLoader.load(VoiceMaker.class).findFirst();
    }
}
