package sparrow.models.pool;

import java.util.List;
import java.util.Optional;
import sparrow.engine.device.LostDeviceException;
import sparrow.models.SpokenModel;
import sparrow.models.chat.ChatHistory;
import sparrow.models.chat.Window;

/**
 * Answers many conversations with one model at the same time. One thread owns the model and decodes all replies in a
 * continuous batch. Each reply has the same tokens as it would have without the other replies. Vocoder threads generate
 * the audio.
 *
 * <p>Thread-safe. Closing the pool cancels all replies. It does not close the model, which its owner closes.
 *
 * {@snippet :
 * try (SpokenModel model = SpokenModels.bundled(OpenOptions.NONE, kernels);
 *         ConversationPool pool = new ConversationPool(model, PoolOptions.DEFAULT);
 *         Conversation conversation = pool.open(options)) {
 *     ReplyHandle reply = conversation.start(new Question.Spoken(waveform), listener);
 * }
 * }
 */
public final class ConversationPool implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ConversationPool.class.getName());

    private final SpokenModel model;
    private final Scheduler scheduler;
    private final VocoderPool vocoders;
    private final Thread thread;

    /** Creates a pool without an observer. */
    public ConversationPool(SpokenModel model, PoolOptions options) {
        this(model, options, PoolObserver.NONE);
    }

    /**
     * Creates a pool and starts its thread.
     *
     * @param model the model, which is not closed with the pool and must not be closed before it
     * @param observer the observer of the pool's work
     */
    public ConversationPool(SpokenModel model, PoolOptions options, PoolObserver observer) {
        this.model = model;
        this.vocoders = new VocoderPool(options.vocoders(), observer);
        this.scheduler = new Scheduler(model, options, observer, System::nanoTime, vocoders);
        this.thread = Thread.ofPlatform().daemon().name("sparrow-model").unstarted(this::run);
        thread.start();
    }

    /** Returns the model. */
    public SpokenModel model() {
        return model;
    }

    /**
     * Opens a conversation that stores its own history and drops its oldest turns according to the model's
     * {@link Window#of window}.
     *
     * @param options the options for the conversation's replies
     */
    public Conversation open(ReplyOptions options) {
        return open(options, Window.of(model));
    }

    /**
     * Opens a conversation with the given window.
     *
     * @param window the limits of the retained part of a long conversation
     */
    public Conversation open(ReplyOptions options, Window window) {
        return new Conversation(scheduler, true, options, window);
    }

    /** Opens a slot for the keys and values of a conversation whose history the caller stores. */
    public KvSlot slot() {
        return scheduler.open();
    }

    /**
     * Requests a reply to a chat history without a slot. The keys and values of an earlier request are reused if it
     * began with the same tokens.
     *
     * @throws IllegalArgumentException if the model cannot encode a question, if the chat does not fit into the context
     *     or the memory, or if the model does not support the exit plan
     * @throws IllegalStateException if the pool is closed
     * @throws PoolFullException if too many replies are waiting
     */
    public ReplyHandle ask(ChatHistory chat, ReplyOptions options, ReplyListener listener) {
        return ask(model, chat, options, listener);
    }

    /**
     * Requests a reply from the model for a task, in the same batch.
     *
     * @param task the {@link SpokenModel#transcriber} or a {@link SpokenModel#reader} of {@link #model}
     * @throws IllegalArgumentException under the same conditions as in
     *     {@link #ask(ChatHistory, ReplyOptions, ReplyListener)}, or if the task belongs to another model
     */
    public ReplyHandle ask(SpokenModel task, ChatHistory chat, ReplyOptions options, ReplyListener listener) {
        PooledRequest request = scheduler.request(task, null, chat, options, listener);
        scheduler.submit(request);
        return request;
    }

    /**
     * Requests a reply to a chat history whose prompt exists already, without a slot.
     *
     * @throws IllegalArgumentException under the same conditions as in
     *     {@link #ask(ChatHistory, ReplyOptions, ReplyListener)}
     */
    public ReplyHandle ask(Window.Fitting chat, ReplyOptions options, ReplyListener listener) {
        PooledRequest request = scheduler.request(model, null, chat, options, listener);
        scheduler.submit(request);
        return request;
    }

    /** Returns whether a new request would be rejected because too many replies are waiting. */
    public boolean isFull() {
        return scheduler.isFull();
    }

    /** Returns the current number of replies and conversations and the memory that they take. */
    public Status status() {
        return scheduler.status();
    }

    /**
     * Returns a one-line reason why the pool can no longer reply: the model's device was lost, or a defect ended the
     * pool's thread. Returns empty while the pool works, and after it was closed.
     */
    public Optional<String> failure() {
        return scheduler.failure();
    }

    private void run() {
        try {
            scheduler.runUntil(() -> scheduler.isClosed() && !scheduler.hasCommands());
        } catch (LostDeviceException e) {
            LOG.log(System.Logger.Level.ERROR, e.getMessage());
        }
    }

    /** Cancels all replies and ends the threads. */
    @Override
    public void close() {
        scheduler.shutDown();
        join(List.of(thread));
        vocoders.close();
    }

    /**
     * Waits for threads to end. An interrupt does not shorten the wait, because the caller closes the model afterwards.
     * The interrupt flag is set again at the end.
     */
    static void join(List<Thread> threads) {
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive() && thread != Thread.currentThread()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    /**
     * The state of a pool, for people and metrics.
     *
     * @param active the number of replies being prefilled, decoded or vocoded
     * @param waiting the number of replies waiting for admission
     * @param slots the number of open conversations
     * @param kvReserved the bytes of keys and values that active replies may require
     * @param kvIdle the bytes held by conversations between replies
     * @param kvLimit the maximum number of reserved and idle bytes together
     * @param vocoderQueue the number of code blocks waiting for a vocoder
     */
    public record Status(
            int active, int waiting, int slots, long kvReserved, long kvIdle, long kvLimit, int vocoderQueue) {}
}
