package sparrow.langchain4j;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.List;
import sparrow.engine.decode.GenerationConfig;
import sparrow.models.pool.ConversationPool;

/**
 * A spoken language model as a chat model. It answers a WAV recording or text with text and, in
 * {@code AiMessage.audios()}, a WAV file. Thread-safe; the pool answers many callers at the same time.
 *
 * <p>The request parameters temperature, top-p, top-k and maximum tokens (text and speech together) are supported.
 * Tools, stop sequences, penalties and response formats other than text are not supported and cause an exception.
 *
 * {@snippet :
 * ChatModel chat = new SparrowChatModel(pool);
 * AudioContent question = AudioContent.from(Path.of("question.wav"), "audio/wav");
 * AiMessage answer = chat.chat(UserMessage.from(question)).aiMessage();
 * byte[] wav = answer.audios().getFirst().binaryData();
 * }
 */
public final class SparrowChatModel implements ChatModel {
    private final PooledModel model;
    private final List<ChatModelListener> listeners;

    /** Creates a model with the settings that its checkpoint recommends. */
    public SparrowChatModel(ConversationPool pool) {
        this(pool, pool.model().defaultConfig(), List.of());
    }

    /**
     * Creates a model with other settings.
     *
     * @param pool the pool, which this model does not close and which must stay open until the last answer is complete
     * @param config the exits, sampling and limits for requests that do not set them
     * @param listeners the listeners for requests, responses and errors
     */
    public SparrowChatModel(ConversationPool pool, GenerationConfig config, List<ChatModelListener> listeners) {
        this.model = new PooledModel(pool, config);
        this.listeners = List.copyOf(listeners);
    }

    /**
     * Requests an answer and waits until it is complete.
     *
     * @throws dev.langchain4j.exception.InvalidRequestException if a message cannot be read or a value is out of range
     * @throws dev.langchain4j.exception.UnsupportedFeatureException if the model does not support a feature of the
     *     request
     * @throws dev.langchain4j.exception.RateLimitException if too many replies are waiting
     * @throws IllegalStateException if the pool or the model is closed
     */
    @Override
    public ChatResponse doChat(ChatRequest request) {
        return model.answer(() -> model.chat(request), model.config(request));
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return model.parameters();
    }

    @Override
    public List<ChatModelListener> listeners() {
        return listeners;
    }

    @Override
    public ModelProvider provider() {
        return ModelProvider.OTHER;
    }
}
