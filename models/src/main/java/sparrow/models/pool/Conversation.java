package sparrow.models.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Unit;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.chat.ChatHistory;
import sparrow.models.chat.ChatMeasure;
import sparrow.models.chat.ChatTurn;
import sparrow.models.chat.Window;
import sparrow.speech.wave.Waveform;

/**
 * A conversation with a model. It stores its history, whose retained part is limited by a {@link Window}. Earlier
 * turns, and a system turn shared with another conversation, remain in the KV cache and are not prefilled again.
 * Positions that a reply left pending are computed during the next turn's prefill.
 *
 * <p>A conversation in a {@link ConversationPool} is decoded on the pool's thread together with other conversations. A
 * conversation that is created by a constructor decodes on the thread that calls {@link #ask}. Conversations with one
 * model may run on several threads at the same time, and each receives the same answers as it would without the other
 * conversations.
 *
 * <p>Thread-safe. A conversation answers one question at a time and rejects further questions until the answer is
 * complete.
 */
public final class Conversation implements AutoCloseable {
    /**
     * Options for a conversation without a pool: one active reply, one reply that waits while the previous reply is
     * being removed from the batch, and no memory limit.
     */
    private static final PoolOptions ALONE = new PoolOptions(1, 1, Long.MAX_VALUE, PoolOptions.DEFAULT.passTarget(), 1);

    private final SpokenModel model;
    private final Scheduler scheduler;

    /** Whether the pool's thread decodes rather than the calling thread. */
    private final boolean pooled;

    /** Held by the thread that decodes for a conversation without a pool. */
    private final ReentrantLock decoding = new ReentrantLock();

    private final KvSlot slot;
    private final ReplyOptions options;
    private final Window window;
    private final ChatMeasure measure;

    /** The retained turns. Guarded by this. */
    private final List<ChatTurn> history = new ArrayList<>();

    /** Creates a conversation without a pool, with the model's {@link SpokenModel#defaultConfig()}. */
    public Conversation(SpokenModel model) {
        this(model, model.defaultConfig(), Window.of(model));
    }

    /**
     * Creates a conversation without a pool.
     *
     * @param sampling the sampling, whose seed is also used for the noise in the spoken reply
     * @throws IllegalArgumentException if the model does not support the plan
     */
    public Conversation(SpokenModel model, ExitPlan plan, Sampling sampling, Limits limits) {
        this(model, new GenerationConfig(plan, sampling, limits), Window.of(model));
    }

    /**
     * Creates a conversation without a pool.
     *
     * @param window the limits of the retained part of a long conversation
     * @throws IllegalArgumentException if the model does not support the plan
     */
    public Conversation(SpokenModel model, GenerationConfig config, Window window) {
        this(model, config, window, SpeechMode.PUBLISHED);
    }

    /**
     * Creates a conversation without a pool.
     *
     * @param speechMode the use of speech codes; {@link SpeechMode#SILENT} if only the text is needed
     * @throws IllegalArgumentException if the model does not support the plan
     */
    public Conversation(SpokenModel model, GenerationConfig config, Window window, SpeechMode speechMode) {
        this(alone(model, config.plan()), false, new ReplyOptions(config, speechMode), window);
    }

    private static Scheduler alone(SpokenModel model, ExitPlan plan) {
        model.languageModel().check(plan);
        VocoderPool vocoders = new VocoderPool(ALONE.vocoders(), PoolObserver.NONE);
        return new Scheduler(model, ALONE, PoolObserver.NONE, System::nanoTime, vocoders);
    }

    /** @param pooled whether another thread runs the scheduler */
    Conversation(Scheduler scheduler, boolean pooled, ReplyOptions options, Window window) {
        this.model = scheduler.model();
        this.scheduler = scheduler;
        this.pooled = pooled;
        this.slot = scheduler.open();
        this.options = options;
        this.window = window;
        this.measure = ChatMeasure.of(model);
    }

    /**
     * Returns the number of positions in the KV cache, or 0 before the first answer, after a turn whose pass failed, and
     * after the conversation was closed.
     */
    public synchronized int length() {
        return history.isEmpty() || slot.sequence() == null
                ? 0
                : slot.sequence().length();
    }

    /** Asks a question and waits for the complete answer, like {@link #ask(Question, ReplyListener)}. */
    public Answer ask(Question question) {
        return ask(question, ReplyListener.NONE);
    }

    /**
     * Asks a question and waits for the complete answer. While a block of speech is vocoded, the next block is decoded.
     * If the calling thread is interrupted, the reply is stopped; if this thread decodes, the speech generated so far
     * is still vocoded.
     *
     * <p>If the conversation has become too long for the context or its {@link Window}, its oldest turns are truncated
     * first.
     *
     * @throws IllegalArgumentException if the model cannot encode the question, if the question does not fit into the
     *     context or the memory, or if the model's weights are damaged; the conversation is then unchanged
     * @throws IllegalStateException if another question is being answered, or if the model is closed before the answer
     *     is complete
     * @throws PoolFullException if too many replies of the pool are waiting
     */
    public Answer ask(Question question, ReplyListener listener) {
        return ask(question, List.of(), listener);
    }

    /**
     * Asks a question like {@link #ask(Question, ReplyListener)}, but the answer begins with the given units rather
     * than units that the model selects. A measurement can use this method to determine how long a model with random
     * weights speaks.
     *
     * @param forced the first units of the reply
     */
    public Answer ask(Question question, List<Unit> forced, ReplyListener listener) {
        long start = System.nanoTime();
        try {
            ReplyCollector collector = new ReplyCollector();
            ReplyOptions how =
                    forced.isEmpty() ? options : new ReplyOptions(options.config(), options.speechMode(), forced);
            Submitted submitted = start(question, how, listener, collector);
            if (pooled) collector.await(submitted.reply());
            else decodeUntil(collector::isOver);
            return answer(submitted, collector, start);
        } catch (IllegalStateException e) {
            // If the model was closed in the meantime, report its closing instead.
            model.requireOpen();
            throw e;
        }
    }

    private Answer answer(Submitted submitted, ReplyCollector collector, long start) {
        PooledReply reply = collector.reply();
        return new Answer(
                submitted.fitting().prompt().question(),
                submitted.fitting().truncation(),
                reply.text(),
                reply.understood(),
                reply.reply(),
                options.speechMode() == SpeechMode.SILENT ? Waveform.NONE : speech(collector),
                collector.timing(start));
    }

    private Waveform speech(ReplyCollector collector) {
        return new Waveform(collector.samples(), model.synthesizer().sampleRateHz());
    }

    /**
     * Asks a question without waiting for the answer. The reply becomes part of the conversation, even if it is
     * cancelled.
     *
     * @throws IllegalArgumentException under the same conditions as in {@link #ask(Question, ReplyListener)}
     * @throws IllegalStateException under the same conditions as in {@link #ask(Question, ReplyListener)}, or if the
     *     conversation has no pool that could decode the reply
     * @throws PoolFullException if too many replies are waiting
     */
    public ReplyHandle start(Question question, ReplyListener listener) {
        if (!pooled) {
            throw new IllegalStateException(
                    "start: expected a conversation of a ConversationPool; use ask, which decodes");
        }
        return start(question, options, listener).reply();
    }

    /**
     * Encodes and prefills the beginning of a question that is still being spoken, as far as later audio does not
     * change it. {@link #ask} then needs less time. If the final question is different, only the early work is lost.
     * Does nothing for models that encode only complete questions.
     *
     * @param soFar the question so far
     * @throws IllegalArgumentException if a sample is invalid
     */
    public void listen(Waveform soFar) {
        Optional<Question> begun = model.encodeStablePrefix(soFar);
        if (begun.isEmpty()) return;
        synchronized (this) {
            List<List<ChatTurn>> older = history.stream().map(List::of).toList();
            slot.prefillEarly(window.fit(measure, older, ChatHistory.of(begun.get()), options.config())
                    .chat());
        }
        if (!pooled) decodeUntil(scheduler::hasPrefilledEarly);
    }

    /** Decodes on this thread. If the conversation is closed in the meantime, also releases its keys and values. */
    private void decodeUntil(BooleanSupplier done) {
        decoding.lock();
        try {
            scheduler.runUntil(done);
        } finally {
            decoding.unlock();
            releaseIfClosed();
        }
    }

    /** Releases the keys and values of a closed conversation unless a thread is decoding, which then does it later. */
    private void releaseIfClosed() {
        while (slot.isClosed() && scheduler.hasCommands() && !decoding.isHeldByCurrentThread() && decoding.tryLock()) {
            try {
                scheduler.runUntil(() -> true);
            } finally {
                decoding.unlock();
            }
        }
    }

    private record Submitted(ReplyHandle reply, Window.Fitting fitting) {}

    private Submitted start(Question question, ReplyOptions how, ReplyListener... listeners) {
        Question encoded = model.encode(question);
        // Until the slot has accepted the question, no other reply may be recorded in the history.
        synchronized (this) {
            List<List<ChatTurn>> older = history.stream().map(List::of).toList();
            Window.Fitting fitting = window.fit(measure, older, ChatHistory.of(encoded), how.config());
            ReplyHandle reply = slot.ask(fitting, how, new HistoryRecorder(fitting.chat()), listeners);
            return new Submitted(reply, fitting);
        }
    }

    /**
     * Truncates the last reply to the part that was played. Earlier text is retained, because the played audio depends
     * on it. The next turn continues after this part. Does nothing if the reply was played completely, or if there is
     * no reply.
     *
     * @param heardSeconds the seconds of the reply's audio that were played
     */
    public synchronized void truncate(double heardSeconds) {
        if (!(heardSeconds >= 0)) {
            throw new IllegalArgumentException("played seconds: expected 0 or more, got " + heardSeconds);
        }
        if (history.isEmpty()) return;
        ChatTurn last = history.removeLast();
        history.add(new ChatTurn(last.question(), measure.heardPart(last.reply(), heardSeconds)));
    }

    /** Returns the retained questions and replies. */
    public synchronized List<ChatTurn> history() {
        return List.copyOf(history);
    }

    /**
     * Cancels the current reply, and releases the keys and values when the reply has ended. The history can still be
     * read.
     */
    @Override
    public void close() {
        slot.close();
        if (!pooled) releaseIfClosed();
    }

    /** Adds a reply to the history before the slot accepts the next question. */
    private final class HistoryRecorder implements ReplyListener {
        private final ChatHistory chat;

        HistoryRecorder(ChatHistory chat) {
            this.chat = chat;
        }

        @Override
        public void ended(PooledReply reply) {
            synchronized (Conversation.this) {
                retainOnly(chat.earlier());
                history.add(new ChatTurn(chat.question(), reply.units()));
            }
        }

        /**
         * Retains the given turns. The last turn is kept unchanged, because it may have been truncated in the meantime.
         */
        private void retainOnly(List<ChatTurn> left) {
            ChatTurn last = history.isEmpty() ? null : history.getLast();
            history.clear();
            history.addAll(left);
            if (!left.isEmpty()) history.set(left.size() - 1, last);
        }
    }

    /** Collects a reply's audio until the reply ends. */
    private static final class ReplyCollector implements ReplyListener {
        private final List<float[]> pieces = new ArrayList<>();
        private final CountDownLatch over = new CountDownLatch(1);
        private PooledReply reply;
        private RuntimeException failure;
        private long end;

        @Override
        public void speech(float[] samples) {
            pieces.add(samples);
        }

        @Override
        public void ended(PooledReply ended) {
            end = System.nanoTime();
            reply = ended;
            over.countDown();
        }

        @Override
        public void failed(RuntimeException why) {
            failure = why;
            over.countDown();
        }

        boolean isOver() {
            return over.getCount() == 0;
        }

        /** Waits for the end of the reply. An interrupt cancels the reply. */
        void await(ReplyHandle handle) {
            boolean interrupted = false;
            while (!isOver()) {
                try {
                    over.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                    handle.cancel();
                }
            }
            if (interrupted) Thread.currentThread().interrupt();
        }

        PooledReply reply() {
            if (failure != null) throw failure;
            return reply;
        }

        float[] samples() {
            float[] all =
                    new float[pieces.stream().mapToInt(piece -> piece.length).sum()];
            int at = 0;
            for (float[] piece : pieces) {
                System.arraycopy(piece, 0, all, at, piece.length);
                at += piece.length;
            }
            return all;
        }

        /**
         * Returns the times since the question was asked. The pool measures times from the moment when the prompt was
         * ready.
         */
        Answer.Timing timing(long start) {
            PooledReply.Timing timing = reply.timing();
            long encoded = end - start - timing.done();
            return new Answer.Timing(
                    encoded,
                    encoded + timing.firstToken(),
                    encoded + timing.decoded(),
                    timing.firstAudio() == 0 ? 0 : encoded + timing.firstAudio(),
                    end - start);
        }
    }
}
