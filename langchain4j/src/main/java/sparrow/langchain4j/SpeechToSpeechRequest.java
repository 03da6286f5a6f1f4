package sparrow.langchain4j;

import dev.langchain4j.data.audio.Audio;
import java.util.Objects;
import java.util.Optional;

/**
 * A recording that asks for an answer.
 *
 * @param audio the recording
 * @param instructions for the answer
 * @param voice name of the answering voice; the model's own if empty
 */
public record SpeechToSpeechRequest(Audio audio, Optional<String> instructions, Optional<String> voice) {
    public SpeechToSpeechRequest {
        Objects.requireNonNull(audio, "audio: expected a recording, got null");
    }

    /** Returns a recording without instructions, for the model's own voice. */
    public static SpeechToSpeechRequest of(Audio audio) {
        return new SpeechToSpeechRequest(audio, Optional.empty(), Optional.empty());
    }
}
