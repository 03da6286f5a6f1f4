package sparrow.langchain4j;

import dev.langchain4j.data.audio.Audio;
import java.util.Optional;

/**
 * A spoken answer.
 *
 * @param audio the answer as a WAV file
 * @param transcript the text of the answer, or empty if it has none
 */
public record SpeechToSpeechResponse(Audio audio, Optional<String> transcript) {}
