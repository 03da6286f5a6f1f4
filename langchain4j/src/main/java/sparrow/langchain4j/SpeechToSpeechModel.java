package sparrow.langchain4j;

import dev.langchain4j.data.audio.Audio;
import dev.langchain4j.model.ModelProvider;

/**
 * Answers a recording with a recording. LangChain4j has no such interface yet. This one follows a proposal to
 * LangChain4j, whose interface will replace it.
 */
public interface SpeechToSpeechModel {
    /** Answers a recording. */
    default Audio generate(Audio audio) {
        return generate(SpeechToSpeechRequest.of(audio)).audio();
    }

    /**
     * Answers a recording according to the instructions of the request, if it has any.
     *
     * @throws dev.langchain4j.exception.InvalidRequestException if the recording cannot be read
     * @throws dev.langchain4j.exception.UnsupportedFeatureException if the model does not support a feature of the
     *     request
     */
    SpeechToSpeechResponse generate(SpeechToSpeechRequest request);

    /** Returns the provider of the model. */
    default ModelProvider provider() {
        return ModelProvider.OTHER;
    }
}
