package sparrow.langchain4j;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.List;
import sparrow.engine.decode.GenerationConfig;
import sparrow.models.pool.ConversationPool;

/**
 * A {@link SparrowChatModel} that streams its answers. Text is passed to {@code onPartialResponse}, audio to
 * {@code onUnmappedRawEvent} as {@link AudioChunk}s, and the complete answer including audio to
 * {@code onCompleteResponse}. Each reply calls its handler on its own thread, so a slow handler does not delay other
 * replies.
 *
 * <p>{@code StreamingHandle.cancel()} may be called from any thread. It ends the reply at the next pass, after which
 * the handler is no longer called.
 */
public final class SparrowStreamingChatModel implements StreamingChatModel {
    private final PooledModel model;
    private final List<ChatModelListener> listeners;

    /** Creates a model with the settings that its checkpoint recommends. */
    public SparrowStreamingChatModel(ConversationPool pool) {
        this(pool, pool.model().defaultConfig(), List.of());
    }

    /**
     * Creates a model with other settings.
     *
     * @param pool the pool, which this model does not close and which must stay open until the last answer is complete
     * @param config the exits, sampling and limits for requests that do not set them
     * @param listeners the listeners for requests, responses and errors
     */
    public SparrowStreamingChatModel(
            ConversationPool pool, GenerationConfig config, List<ChatModelListener> listeners) {
        this.model = new PooledModel(pool, config);
        this.listeners = List.copyOf(listeners);
    }

    /**
     * Requests an answer without waiting for it. All errors, including invalid requests, are passed to {@code onError}
     * as the exceptions of {@link SparrowChatModel#doChat}.
     */
    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        StreamedReply reply = new StreamedReply(model.spoken(), handler);
        Thread.ofVirtual().name("sparrow-langchain4j").start(() -> {
            try {
                reply.attach(model.ask(() -> model.chat(request), model.config(request), reply));
            } catch (RuntimeException e) {
                reply.failed(e);
            }
            reply.deliver();
        });
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
