package sparrow.models.pool;

import sparrow.engine.decode.Sequence;
import sparrow.models.chat.ChatHistory;

/**
 * The place of one conversation's keys and values between its replies. The caller keeps the conversation itself: each
 * {@link ChatHistory} is compared with what the slot holds, and only what follows their common prefix is prefilled. Under
 * memory pressure a slot between replies is emptied, which costs time and nothing else.
 */
public final class KvSlot implements AutoCloseable {
    private final Scheduler scheduler;

    /** Of the thread of the model; null while the slot is empty. */
    private Sequence sequence;

    private boolean cuttable = true;
    private long lastUsed;

    /** The reply that is being made; null if there is none. Guarded by this, as the next one. */
    private PooledRequest running;

    private boolean closed;

    KvSlot(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /**
     * Asks for a reply. The question is encoded, and the prompt made, on this thread; the rest happens on those of the pool.
     *
     * @throws IllegalArgumentException if the question cannot be understood, the chat does not fit context or memory, or
     *     the plan does not suit the model
     * @throws IllegalStateException if another reply of this slot is being made, or slot or pool are closed
     * @throws PoolFullException if too many replies wait
     */
    public ReplyHandle ask(ChatHistory chat, ReplyOptions options, ReplyListener listener) {
        return ask(chat, options, ReplyListener.NONE, listener);
    }

    /**
     * Asks for a reply.
     *
     * @param recorder is notified before the slot accepts the next question, and so before the listener
     */
    ReplyHandle ask(ChatHistory chat, ReplyOptions options, ReplyListener recorder, ReplyListener listener) {
        ReplyListener all = ReplyListener.both(ReplyListener.both(recorder, new Release()), listener);
        PooledRequest request = scheduler.request(scheduler.model(), this, chat, options, all);
        synchronized (this) {
            if (closed) throw new IllegalStateException("the conversation is closed");
            if (running != null) {
                throw new IllegalStateException(
                        "the conversation is answering another question; expected one at a time");
            }
            scheduler.submit(request);
            running = request;
        }
        return request;
    }

    /** Lets the slot accept the next question at the end of a reply. */
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
     * Prefills what is said of a question so far, while the rest of it is still being said, as far as it will stay; a model
     * that hears whole questions only prefills nothing. It is left undone where others need the model, and if the question
     * turns out another one, no more is lost than this work.
     *
     * @throws IllegalArgumentException as {@link #ask}
     */
    public void prefillEarly(ChatHistory chat) {
        scheduler.prefillEarly(this, chat);
    }

    /** Cancels the reply that is being made, and frees keys and values. */
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

    /** True if its sequence may be cut: nothing in it was copied or omitted. */
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

    /** Bytes of its keys and values. */
    long bytes() {
        return sequence == null ? 0 : sequence.cache().bytes();
    }
}
