package sparrow.langchain4j;

import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import sparrow.models.SpokenModel;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.ReplyListener;

/** Collects a reply for a waiting caller. */
final class WholeReply implements ReplyListener {
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

    /** Waits for the end of the reply and returns it. */
    ChatResponse await() throws InterruptedException {
        try {
            return response.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) throw failure;
            throw new IllegalStateException(e.getCause());
        }
    }
}
