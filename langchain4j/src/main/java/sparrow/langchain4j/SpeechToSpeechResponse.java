package sparrow.langchain4j;

import dev.langchain4j.data.audio.Audio;
import java.util.Optional;

/**
 * A spoken answer.
 *
 * @param audio WAV file
 * @param transcript text of the answer, if it has any
 */
public record SpeechToSpeechResponse(Audio audio, Optional<String> transcript) {}
