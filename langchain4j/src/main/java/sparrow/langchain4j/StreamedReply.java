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
 * A reply on its way to a handler. The pool's threads only fill a queue, which the reply's own thread empties. While the
 * queue is long, the pool decodes no further.
 */
final class StreamedReply implements ReplyListener, StreamingHandle {
    /** Pieces that may wait for a slow handler. */
    private static final int WAITING = 64;

    /** A call of the handler. */
    private sealed interface Call {
        record Text(String piece) implements Call {}

        record Sound(float[] samples) implements Call {}

        record Ended(PooledReply reply) implements Call {}

        record Failed(RuntimeException failure) implements Call {}
    }

    private final SpokenModel model;
    private final StreamingChatResponseHandler handler;
    private final SpokenResponse building;

    /** Bounded by {@link #isReady}: a pass under way adds little. */
    private final BlockingQueue<Call> queue = new LinkedBlockingQueue<>();

    /** Guarded by this; null until the pool has the reply. */
    private ReplyHandle handle;

    private volatile boolean cancelled;

    /** Of the reply's own thread: true after the handler's last call. */
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
        return queue.size() < WAITING;
    }

    /** Calls the handler until the reply is over or cancelled. Its exceptions cancel the reply and go to {@code onError}. */
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
