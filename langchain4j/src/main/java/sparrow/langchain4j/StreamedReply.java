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
 * A reply on its way to a handler. The pool's threads only put into a queue what the reply's own thread hands on; while the
 * queue is long, nothing more is decoded.
 */
final class StreamedReply implements ReplyListener, StreamingHandle {
    /** Pieces that may wait for a slow handler. */
    private static final int WAITING = 64;

    /** What the handler is told next. */
    private sealed interface Told {
        record Text(String piece) implements Told {}

        record Sound(float[] samples) implements Told {}

        record Ended(PooledReply reply) implements Told {}

        record Failed(RuntimeException failure) implements Told {}
    }

    private final SpokenModel model;
    private final StreamingChatResponseHandler handler;
    private final SpokenResponse building;

    /** Bounded by {@link #isReady}: what a pass under way adds is small. */
    private final BlockingQueue<Told> queue = new LinkedBlockingQueue<>();

    /** Guarded by this; null until the pool has the reply. */
    private ReplyHandle handle;

    private volatile boolean cancelled;

    /** Of the reply's own thread: the handler has heard the last of it. */
    private boolean over;

    StreamedReply(SpokenModel model, StreamingChatResponseHandler handler) {
        this.model = model;
        this.handler = handler;
        this.building = new SpokenResponse(model);
    }

    synchronized void startedAs(ReplyHandle started) {
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
        queue.add(new Told.Text(piece));
    }

    @Override
    public void speech(float[] samples) {
        queue.add(new Told.Sound(samples));
    }

    @Override
    public void ended(PooledReply reply) {
        queue.add(new Told.Ended(reply));
    }

    @Override
    public void failed(RuntimeException failure) {
        queue.add(new Told.Failed(failure));
    }

    @Override
    public boolean isReady() {
        return queue.size() < WAITING;
    }

    /** Calls the handler until the reply is over or cancelled. A handler that throws hears of it, and the reply is withdrawn. */
    void deliver() {
        try {
            while (!over) {
                Told told = queue.take();
                if (cancelled) return;
                deliver(told);
            }
        } catch (InterruptedException e) {
            cancel();
        } catch (RuntimeException e) {
            cancel();
            if (!over) fail(e);
        }
    }

    private void deliver(Told told) {
        switch (told) {
            case Told.Text(String piece) ->
                handler.onPartialResponse(new PartialResponse(piece), new PartialResponseContext(this));
            case Told.Sound(float[] samples) -> {
                building.speech(samples);
                handler.onUnmappedRawEvent(
                        new AudioChunk(samples, model.synthesizer().sampleRateHz()));
            }
            case Told.Ended(PooledReply reply) -> {
                ChatResponse response = building.of(reply);
                over = true;
                handler.onCompleteResponse(response);
            }
            case Told.Failed(RuntimeException failure) -> fail(failure);
        }
    }

    private void fail(RuntimeException failure) {
        over = true;
        handler.onError(PooledModel.told(failure));
    }
}
