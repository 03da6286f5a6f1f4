package sparrow.langchain4j;

import dev.langchain4j.data.audio.Audio;
import dev.langchain4j.model.ModelProvider;

/**
 * Answers a recording with a recording. LangChain4j does not have an interface for this purpose yet. This interface
 * follows a proposal to LangChain4j and will be replaced by LangChain4j's own interface.
 */
public interface SpeechToSpeechModel {
    /** Answers a recording. */
    default Audio generate(Audio audio) {
        return generate(SpeechToSpeechRequest.of(audio)).audio();
    }

    /**
     * Answers a recording, following the request's instructions if it has any.
     *
     * @throws dev.langchain4j.exception.InvalidRequestException if the recording cannot be read
     * @throws dev.langchain4j.exception.UnsupportedFeatureException if the model does not support a feature of the
     *     request
     */
    SpeechToSpeechResponse generate(SpeechToSpeechRequest request);

    /** Returns the model's provider. */
    default ModelProvider provider() {
        return ModelProvider.OTHER;
    }
}
