package sparrow.models.pool;

import java.util.List;
import java.util.Optional;
import sparrow.engine.device.LostDeviceException;
import sparrow.models.SpokenModel;
import sparrow.models.chat.ChatHistory;
import sparrow.models.chat.ChatPrompt;
import sparrow.models.chat.Window;

/**
 * Answers many conversations with one model at once. One thread owns the model and decodes all replies in one open batch; each
 * gets the tokens that it would get alone. Vocoder threads make the sound.
 *
 * <p>Safe for every thread. Closing it cancels all replies and leaves the model open, whose owner closes it.
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

    /** A pool without an observer. */
    public ConversationPool(SpokenModel model, PoolOptions options) {
        this(model, options, PoolObserver.NONE);
    }

    /**
     * @param model is not closed with the pool, and must not be closed before it
     * @param observer is notified of every pass
     */
    public ConversationPool(SpokenModel model, PoolOptions options, PoolObserver observer) {
        this.model = model;
        this.vocoders = new VocoderPool(options.vocoders(), observer);
        this.scheduler = new Scheduler(model, options, observer, System::nanoTime, vocoders);
        this.thread = Thread.ofPlatform().daemon().name("sparrow-model").unstarted(this::run);
        thread.start();
    }

    /** The model. */
    public SpokenModel model() {
        return model;
    }

    /**
     * A conversation that keeps its own history, and forgets its oldest turns by the model's {@link Window#of window}.
     *
     * @param options of its replies
     */
    public Conversation open(ReplyOptions options) {
        return open(options, Window.of(model));
    }

    /**
     * A conversation with a window of its own.
     *
     * @param window bounds the retained part when it is long
     */
    public Conversation open(ReplyOptions options, Window window) {
        return new Conversation(scheduler, true, options, window);
    }

    /** A place for the keys and values of a conversation whose history the caller keeps. */
    public KvSlot slot() {
        return scheduler.open();
    }

    /**
     * Asks for a reply to a chat that belongs to no slot. If an earlier one began alike, its keys and values serve.
     *
     * @throws IllegalArgumentException if a question cannot be understood, the chat does not fit context or memory, or
     *     the plan does not suit the model
     * @throws IllegalStateException if the pool is closed
     * @throws PoolFullException if too many replies wait
     */
    public ReplyHandle ask(ChatHistory chat, ReplyOptions options, ReplyListener listener) {
        return ask(model, chat, options, listener);
    }

    /**
     * Asks the model at a task, in the same batch.
     *
     * @param task {@link SpokenModel#transcriber} or {@link SpokenModel#reader} of {@link #model}
     * @throws IllegalArgumentException as {@link #ask(ChatHistory, ReplyOptions, ReplyListener)}, or if it is another model
     */
    public ReplyHandle ask(SpokenModel task, ChatHistory chat, ReplyOptions options, ReplyListener listener) {
        PooledRequest request = scheduler.request(task, null, chat, options, listener);
        scheduler.submit(request);
        return request;
    }

    /**
     * Positions that the prompt of a chat takes.
     *
     * @throws IllegalArgumentException if a question cannot be understood
     */
    public int length(ChatHistory chat) {
        return ChatPrompt.of(model, chat).ids().length;
    }

    /** True if a reply that is asked for now is refused, because too many wait. */
    public boolean isFull() {
        return scheduler.isFull();
    }

    /** Its replies, conversations and memory at this moment. */
    public Status status() {
        return scheduler.status();
    }

    /**
     * The reason for which it answers no more, in one line: the device of its model was lost, or a defect ended its thread. Empty
     * while it works, and if it was closed.
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

    /** Waits for threads to end. An interrupt is passed on, and does not cut the waiting short: their model is closed afterwards. */
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
     * The state of a pool at one moment, for people and metrics.
     *
     * @param active replies being prefilled, decoded or vocoded
     * @param waiting replies that wait to be admitted
     * @param slots conversations that are open
     * @param kvReserved bytes of keys and values that active replies may need
     * @param kvIdle bytes that conversations between replies hold
     * @param kvLimit bytes that both together may take
     * @param vocoderQueue blocks of codes that wait for a vocoder
     */
    public record Status(
            int active, int waiting, int slots, long kvReserved, long kvIdle, long kvLimit, int vocoderQueue) {}
}
