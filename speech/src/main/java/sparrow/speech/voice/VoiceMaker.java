package sparrow.speech.voice;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import sparrow.speech.wave.Waveform;

/**
 * Makes a voice from recorded speech with the networks in the folder {@code token2wav} of a checkpoint. The networks
 * are published as ONNX files, so the implementation is in an optional module. A stored voice ({@link VoiceFile}) does
 * not need it.
 */
public interface VoiceMaker {
    /**
     * Makes the voice of a speaker.
     *
     * @param channels channels of the speech, with equal lengths and rates, from
     *     {@link sparrow.speech.wave.WavFile#readChannels}
     * @param token2wavFolder folder of the speech tokenizer and the speaker encoder
     * @throws sparrow.formats.BadFileException if a network is missing or has unexpected shapes
     * @throws IllegalArgumentException if the speech is silent or too short
     * @throws IOException if a network cannot be read
     */
    Voice make(List<Waveform> channels, Path token2wavFolder) throws IOException;

    /** Finds the installed voice maker; empty without the module {@code onnx}. */
    static Optional<VoiceMaker> find() {
        return ServiceLoader.load(VoiceMaker.class).findFirst();
    }
}
