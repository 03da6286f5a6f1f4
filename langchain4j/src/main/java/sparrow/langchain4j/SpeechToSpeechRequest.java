package sparrow.langchain4j;

import dev.langchain4j.data.audio.Audio;
import java.util.Objects;
import java.util.Optional;

/**
 * A request to answer a recording.
 *
 * @param audio the recording
 * @param instructions the instructions for the answer, or empty if there are none
 * @param voice the name of the answer's voice, or empty for the model's voice
 */
public record SpeechToSpeechRequest(Audio audio, Optional<String> instructions, Optional<String> voice) {
    public SpeechToSpeechRequest {
        Objects.requireNonNull(audio, "audio: expected a recording, got null");
    }

    /** Returns a request without instructions and with the model's voice. */
    public static SpeechToSpeechRequest of(Audio audio) {
        return new SpeechToSpeechRequest(audio, Optional.empty(), Optional.empty());
    }
}
