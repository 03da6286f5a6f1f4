package sparrow.speech.voice;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import sparrow.speech.wave.Waveform;

/**
 * Makes a voice from recorded speech with the networks in a checkpoint's {@code token2wav} folder. The networks are
 * published as ONNX files, so the implementation is in an optional module. Stored voices ({@link VoiceFile}) do not
 * require this module.
 */
public interface VoiceMaker {
    /**
     * Makes a speaker's voice.
     *
     * @param channels speech channels with equal lengths and rates, as returned by
     *     {@link sparrow.speech.wave.WavFile#readChannels}
     * @param token2wavFolder folder that contains the speech tokenizer and the speaker encoder
     * @throws sparrow.formats.BadFileException if a network is missing or has unexpected shapes
     * @throws IllegalArgumentException if the speech is silent or too short
     * @throws IOException if a network cannot be read
     */
    Voice make(List<Waveform> channels, Path token2wavFolder) throws IOException;

    /** Finds the installed voice maker, or returns empty if the module {@code onnx} is not installed. */
    static Optional<VoiceMaker> find() {
        return ServiceLoader.load(VoiceMaker.class).findFirst();
    }
}
