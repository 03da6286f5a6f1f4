package sparrow.langchain4j;

import dev.langchain4j.data.audio.Audio;
import java.util.Optional;

/**
 * A spoken answer.
 *
 * @param audio a WAV file
 * @param transcript what it says; empty if the model said nothing in words
 */
public record SpeechToSpeechResponse(Audio audio, Optional<String> transcript) {}
