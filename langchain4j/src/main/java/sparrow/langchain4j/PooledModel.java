package sparrow.langchain4j;

import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import sparrow.engine.decode.GenerationConfig;
import sparrow.models.SpokenModel;
import sparrow.models.chat.ChatHistory;
import sparrow.models.pool.ConversationPool;
import sparrow.models.pool.PoolFullException;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.ReplyHandle;
import sparrow.models.pool.ReplyListener;
import sparrow.models.pool.ReplyOptions;
import sparrow.models.pool.SpeechMode;

/** Translates LangChain4j requests for a pool's model, and the pool's exceptions to LangChain4j exceptions. */
final class PooledModel {
    private final ConversationPool pool;
    private final GenerationConfig defaults;
    private final Questions questions;

    PooledModel(ConversationPool pool, GenerationConfig defaults) {
        this.pool = pool;
        this.defaults = defaults;
        this.questions = new Questions(pool.model());
    }

    SpokenModel spoken() {
        return pool.model();
    }

    Questions questions() {
        return questions;
    }

    GenerationConfig defaults() {
        return defaults;
    }

    ChatHistory chat(ChatRequest request) {
        return MessageHistory.of(request.messages(), pool.model(), questions);
    }

    /** Returns the configuration for a request, with defaults for values that it does not set. */
    GenerationConfig config(ChatRequest request) {
        return RequestedConfig.of(request.parameters(), defaults, pool.model());
    }

    /** Returns the default request parameters. */
    ChatRequestParameters parameters() {
        return ChatRequestParameters.builder().modelName(pool.model().name()).build();
    }

    /** Requests an answer and waits for it. Interrupting the calling thread cancels the reply. */
    ChatResponse answer(Supplier<ChatHistory> chat, GenerationConfig config) {
        WholeReply reply = new WholeReply(pool.model());
        ReplyHandle handle = ask(chat, config, reply);
        try {
            return reply.await();
        } catch (InterruptedException e) {
            handle.cancel();
            Thread.currentThread().interrupt();
            throw new LangChain4jException("interrupted while waiting for a reply", e);
        } catch (RuntimeException e) {
            throw translated(e);
        }
    }

    /**
     * Requests a reply without waiting for it.
     *
     * @param chat a supplier of the chat history, whose exceptions are translated to LangChain4j exceptions
     */
    ReplyHandle ask(Supplier<ChatHistory> chat, GenerationConfig config, ReplyListener listener) {
        try {
            return pool.ask(chat.get(), new ReplyOptions(config, SpeechMode.PUBLISHED), listener);
        } catch (RuntimeException e) {
            throw translated(e);
        }
    }

    /** Returns the corresponding LangChain4j exception, or the exception itself if there is none. */
    static RuntimeException translated(RuntimeException failure) {
        return switch (failure) {
            case PoolFullException full -> new RateLimitException(full.getMessage(), full);
            case IllegalArgumentException wrong -> new InvalidRequestException(wrong.getMessage(), wrong);
            default -> failure;
        };
    }

    /** Collects a reply for a waiting caller. */
    private static final class WholeReply implements ReplyListener {
        private final CompletableFuture<ChatResponse> response = new CompletableFuture<>();
        private final SpokenResponse building;

        WholeReply(SpokenModel model) {
            building = new SpokenResponse(model);
        }

        @Override
        public void speech(float[] samples) {
            building.speech(samples);
        }

        @Override
        public void ended(PooledReply reply) {
            try {
                response.complete(building.of(reply));
            } catch (RuntimeException e) {
                response.completeExceptionally(e);
            }
        }

        @Override
        public void failed(RuntimeException failure) {
            response.completeExceptionally(failure);
        }

        /** Waits for the end of the reply and returns its response. */
        ChatResponse await() throws InterruptedException {
            try {
                return response.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException failure) throw failure;
                throw new IllegalStateException(e.getCause());
            }
        }
    }
}
