package sparrow.langchain4j;

import dev.langchain4j.data.audio.Audio;
import java.util.Objects;
import java.util.Optional;

/**
 * A recording to be answered.
 *
 * @param audio what was said
 * @param instructions how to answer
 * @param voice who is to speak; the model's own voice if empty
 */
public record SpeechToSpeechRequest(Audio audio, Optional<String> instructions, Optional<String> voice) {
    public SpeechToSpeechRequest {
        Objects.requireNonNull(audio, "audio: expected a recording, got null");
    }

    /** A recording, and nothing else that is wanted. */
    public static SpeechToSpeechRequest of(Audio audio) {
        return new SpeechToSpeechRequest(audio, Optional.empty(), Optional.empty());
    }
}
