package sparrow.models.pool;

import sparrow.engine.decode.Sequence;

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

    /** Guarded by this, as the next one. */
    private PooledRequest latest;

    private boolean closed;

    KvSlot(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /**
     * Asks for a reply. The question is encoded, and the prompt made, on this thread; the rest happens on those of the pool.
     *
     * @throws IllegalArgumentException if the question cannot be understood, the chat does not fit context or memory, or
     *     the plan does not suit the model
     * @throws IllegalStateException if another reply of this slot is under way, or slot or pool are closed
     * @throws PoolFullException if too many replies wait
     */
    public ReplyHandle ask(ChatHistory chat, ReplyOptions options, ReplyListener listener) {
        PooledRequest request = scheduler.request(scheduler.model(), this, chat, options, listener);
        synchronized (this) {
            if (closed) throw new IllegalStateException("the conversation is closed");
            if (latest != null && !latest.isOver()) {
                throw new IllegalStateException("another reply of this conversation is under way; expected none");
            }
            scheduler.submit(request);
            latest = request;
        }
        return request;
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

    /** Cancels what is under way and frees keys and values. */
    @Override
    public void close() {
        PooledRequest running;
        synchronized (this) {
            if (closed) return;
            closed = true;
            running = latest;
        }
        if (running != null) running.cancel();
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
