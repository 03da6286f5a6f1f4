package sparrow.langchain4j;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import sparrow.models.SpokenModel;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.ReplyHandle;
import sparrow.models.pool.ReplyListener;

/**
 * Passes a reply to a handler. The pool's threads add pieces to a queue, and the reply's own thread calls the handler.
 * The pool stops decoding the reply while the queue is full.
 */
final class StreamedReply implements ReplyListener, StreamingHandle {
    /** Maximum number of pieces that wait for a slow handler. */
    private static final int MAX_WAITING = 64;

    /** A call to the handler. */
    private sealed interface Call {
        record Text(String piece) implements Call {}

        record Sound(float[] samples) implements Call {}

        record Ended(PooledReply reply) implements Call {}

        record Failed(RuntimeException failure) implements Call {}
    }

    private final SpokenModel model;
    private final StreamingChatResponseHandler handler;
    private final SpokenResponse building;

    /** The queue's length is limited by {@link #isReady}, except for the few pieces of the current pass. */
    private final BlockingQueue<Call> queue = new LinkedBlockingQueue<>();

    /** Null until the pool has accepted the reply. Guarded by this. */
    private ReplyHandle handle;

    private volatile boolean cancelled;

    /** Whether the handler has been called for the last time. Used only by the reply's own thread. */
    private boolean over;

    StreamedReply(SpokenModel model, StreamingChatResponseHandler handler) {
        this.model = model;
        this.handler = handler;
        this.building = new SpokenResponse(model);
    }

    synchronized void attach(ReplyHandle started) {
        handle = started;
        if (cancelled) started.cancel();
    }

    @Override
    public synchronized void cancel() {
        cancelled = true;
        if (handle != null) handle.cancel();
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public void text(String piece) {
        queue.add(new Call.Text(piece));
    }

    @Override
    public void speech(float[] samples) {
        queue.add(new Call.Sound(samples));
    }

    @Override
    public void ended(PooledReply reply) {
        queue.add(new Call.Ended(reply));
    }

    @Override
    public void failed(RuntimeException failure) {
        queue.add(new Call.Failed(failure));
    }

    @Override
    public boolean isReady() {
        return queue.size() < MAX_WAITING;
    }

    /** Calls the handler until the reply has ended or is cancelled. An exception from the handler cancels the reply. */
    void deliver() {
        try {
            while (!over) {
                Call call = queue.take();
                if (cancelled) return;
                deliver(call);
            }
        } catch (InterruptedException e) {
            cancel();
        } catch (RuntimeException e) {
            cancel();
            if (!over) fail(e);
        }
    }

    private void deliver(Call call) {
        switch (call) {
            case Call.Text(String piece) ->
                handler.onPartialResponse(new PartialResponse(piece), new PartialResponseContext(this));
            case Call.Sound(float[] samples) -> {
                building.speech(samples);
                handler.onUnmappedRawEvent(
                        new AudioChunk(samples, model.synthesizer().sampleRateHz()));
            }
            case Call.Ended(PooledReply reply) -> {
                ChatResponse response = building.of(reply);
                over = true;
                handler.onCompleteResponse(response);
            }
            case Call.Failed(RuntimeException failure) -> fail(failure);
        }
    }

    private void fail(RuntimeException failure) {
        over = true;
        handler.onError(PooledModel.translated(failure));
    }
}
