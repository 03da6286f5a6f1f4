package sparrow.models.pool;

import java.util.ArrayList;
import java.util.List;
import sparrow.engine.decode.Sequence;
import sparrow.models.chat.ChatHistory;
import sparrow.models.chat.Window;

/**
 * Holds one conversation's keys and values between its replies. The caller stores the conversation itself. Each
 * {@link ChatHistory} is compared with the slot's tokens, and only the tokens after their common prefix are prefilled.
 * If memory is needed, a slot between replies is emptied, and its tokens are prefilled again later.
 */
public final class KvSlot implements AutoCloseable {
    private final Scheduler scheduler;

    /** Null while the slot is empty. Used only by the model's thread. */
    private Sequence sequence;

    private boolean cuttable = true;
    private long lastUsed;

    /** The current reply, or null if there is none. This field and the next field are guarded by this. */
    private PooledRequest running;

    private boolean closed;

    KvSlot(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /**
     * Requests a reply. The question is encoded and the prompt is created on the calling thread; the rest runs on the
     * pool's threads.
     *
     * @throws IllegalArgumentException if the model cannot encode the question, if the chat does not fit into the
     *     context or the memory, or if the model does not support the exit plan
     * @throws IllegalStateException if another reply of this slot is running, or the slot or the pool is closed
     * @throws PoolFullException if too many replies are waiting
     */
    public ReplyHandle ask(ChatHistory chat, ReplyOptions options, ReplyListener listener) {
        ReplyListener all = ReplyListener.all(new Release(), listener);
        return submit(scheduler.request(scheduler.model(), this, chat, options, all));
    }

    /**
     * Requests a reply to a chat history whose prompt exists already.
     *
     * @throws IllegalArgumentException under the same conditions as in {@link #ask(ChatHistory, ReplyOptions,
     *     ReplyListener)}
     * @throws IllegalStateException under the same conditions
     * @throws PoolFullException if too many replies are waiting
     */
    public ReplyHandle ask(Window.Fitting chat, ReplyOptions options, ReplyListener listener) {
        return ask(chat, options, ReplyListener.NONE, listener);
    }

    /**
     * Requests a reply.
     *
     * @param recorder a listener that is notified before the slot accepts the next question, and therefore before
     *     {@code listeners}
     */
    ReplyHandle ask(Window.Fitting chat, ReplyOptions options, ReplyListener recorder, ReplyListener... listeners) {
        List<ReplyListener> all = new ArrayList<>(List.of(recorder, new Release()));
        all.addAll(List.of(listeners));
        return submit(scheduler.request(scheduler.model(), this, chat, options, new ReplyListeners(all)));
    }

    private ReplyHandle submit(PooledRequest request) {
        synchronized (this) {
            if (closed) throw new IllegalStateException("the conversation is closed");
            if (running != null) {
                throw new IllegalStateException("the conversation is already answering a question");
            }
            scheduler.submit(request);
            running = request;
        }
        return request;
    }

    /** Lets the slot accept the next question when a reply has ended. */
    private final class Release implements ReplyListener {
        @Override
        public void ended(PooledReply reply) {
            release();
        }

        @Override
        public void failed(RuntimeException failure) {
            release();
        }
    }

    private synchronized void release() {
        running = null;
    }

    /**
     * Prefills the stable part of a question that is still being spoken. Does nothing for a model that encodes only
     * complete questions. The work is skipped while other replies need the model. If the final question is different,
     * only this work is lost.
     *
     * @throws IllegalArgumentException under the same conditions as in {@link #ask}
     */
    public void prefillEarly(ChatHistory chat) {
        scheduler.prefillEarly(this, chat);
    }

    /** Cancels the current reply, and frees the keys and values. */
    @Override
    public void close() {
        PooledRequest last;
        synchronized (this) {
            if (closed) return;
            closed = true;
            last = running;
        }
        if (last != null) last.cancel();
        scheduler.close(this);
    }

    synchronized boolean isClosed() {
        return closed;
    }

    Sequence sequence() {
        return sequence;
    }

    /** Returns whether the sequence may be cut. This requires that no keys and values in it were copied or omitted. */
    boolean isCuttable() {
        return cuttable;
    }

    void hold(Sequence held, boolean mayBeCut, long now) {
        sequence = held;
        cuttable = mayBeCut;
        use(now);
    }

    void use(long now) {
        lastUsed = now;
    }

    void empty() {
        sequence = null;
        cuttable = true;
    }

    long lastUsed() {
        return lastUsed;
    }

    /** Returns the number of bytes of the keys and values. */
    long bytes() {
        return sequence == null ? 0 : sequence.cache().bytes();
    }
}
