package sparrow.langchain4j;

import dev.langchain4j.data.audio.Audio;
import dev.langchain4j.model.ModelProvider;

/**
 * One recording in, one recording out. LangChain4j has no such interface in its core yet. This interface has the shape that
 * is proposed there, and gives way to theirs.
 */
public interface SpeechToSpeechModel {
    /** Answers a recording. */
    default Audio generate(Audio audio) {
        return generate(SpeechToSpeechRequest.of(audio)).audio();
    }

    /**
     * Answers a recording under instructions.
     *
     * @throws dev.langchain4j.exception.InvalidRequestException if the recording cannot be read
     * @throws dev.langchain4j.exception.UnsupportedFeatureException if the model has no such feature
     */
    SpeechToSpeechResponse generate(SpeechToSpeechRequest request);

    /** Returns the provider of the model. */
    default ModelProvider provider() {
        return ModelProvider.OTHER;
    }
}
