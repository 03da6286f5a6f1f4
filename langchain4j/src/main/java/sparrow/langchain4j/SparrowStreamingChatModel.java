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
 * {@link SparrowChatModel} while it decodes. Text comes by {@code onPartialResponse}, sound by {@code onUnmappedRawEvent} as
 * {@link AudioChunk}s, and the whole answer, sound included, by {@code onCompleteResponse}. A handler is called on a
 * thread of its reply: a slow handler delays that reply alone.
 *
 * <p>{@code StreamingHandle.cancel()}, from any thread, ends the reply at the next pass; its handler is not called again.
 */
public final class SparrowStreamingChatModel implements StreamingChatModel {
    private final PooledModel model;
    private final List<ChatModelListener> listeners;

    /** Creates a model with the settings that its checkpoint recommends. */
    public SparrowStreamingChatModel(ConversationPool pool) {
        this(pool, PooledModel.recommended(pool), List.of());
    }

    /**
     * @param pool is not closed by this model, and must not be closed before its last answer
     * @param config exits, sampling and limits for requests that set none
     * @param listeners of requests, responses and errors
     */
    public SparrowStreamingChatModel(
            ConversationPool pool, GenerationConfig config, List<ChatModelListener> listeners) {
        this.model = new PooledModel(pool, config);
        this.listeners = List.copyOf(listeners);
    }

    /**
     * Asks and returns at once. All errors, also those of the request, arrive by {@code onError}, as the exceptions of
     * {@link SparrowChatModel#doChat}.
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
