package sparrow.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import java.util.List;
import java.util.Optional;
import sparrow.engine.decode.GenerationConfig;
import sparrow.models.chat.ChatHistory;
import sparrow.models.pool.ConversationPool;

/** Answers single recordings with a spoken language model. Thread-safe. */
public final class SparrowSpeechToSpeechModel implements SpeechToSpeechModel {
    /** Name of the model's voice, as in the server. */
    public static final String DEFAULT_VOICE = "default";

    private final PooledModel model;

    /** Creates a model with the settings that its checkpoint recommends. */
    public SparrowSpeechToSpeechModel(ConversationPool pool) {
        this(pool, pool.model().defaultConfig());
    }

    /**
     * Creates a model with other settings.
     *
     * @param pool the pool, which this model does not close and which must stay open until the last answer is complete
     * @param config the exits, sampling and limits
     */
    public SparrowSpeechToSpeechModel(ConversationPool pool, GenerationConfig config) {
        this.model = new PooledModel(pool, config);
    }

    @Override
    public SpeechToSpeechResponse generate(SpeechToSpeechRequest request) {
        request.voice().filter(voice -> !voice.equals(DEFAULT_VOICE)).ifPresent(voice -> {
            throw new UnsupportedFeatureException("voice: expected " + DEFAULT_VOICE + ", got " + voice);
        });
        AiMessage answer = model.answer(
                        () -> new ChatHistory(
                                request.instructions(),
                                List.of(),
                                model.questions().of(request.audio())),
                        model.defaults())
                .aiMessage();
        return new SpeechToSpeechResponse(
                answer.audios().getFirst(), Optional.of(answer.text()).filter(text -> !text.isEmpty()));
    }
}
