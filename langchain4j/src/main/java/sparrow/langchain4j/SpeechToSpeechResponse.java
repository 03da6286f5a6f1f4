package sparrow.langchain4j;

import dev.langchain4j.data.audio.Audio;
import java.util.Optional;

/**
 * A spoken answer.
 *
 * @param audio a WAV file
 * @param transcript text of the answer; empty if it has none
 */
public record SpeechToSpeechResponse(Audio audio, Optional<String> transcript) {}
