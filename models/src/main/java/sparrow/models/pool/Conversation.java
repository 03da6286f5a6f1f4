package sparrow.models.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Unit;
import sparrow.models.Prompt;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.TurnPosition;
import sparrow.models.chat.ChatHistory;
import sparrow.models.chat.ChatMeasure;
import sparrow.models.chat.ChatTurn;
import sparrow.models.chat.Window;
import sparrow.speech.wave.Waveform;

/**
 * A conversation with a model, turn by turn. It keeps its history, and a {@link Window} bounds what is retained of it. Earlier turns
 * stay in the KV cache and are not prefilled again, nor is the system turn that another conversation began with; positions that a
 * reply left pending are carried by the next turn's prefill.
 *
 * <p>A conversation of a {@link ConversationPool} is decoded on the pool's thread, together with others. One that is constructed
 * here is a pool of its own, which decodes on the thread that calls {@link #ask}; conversations with one model may be held on several
 * threads at once, and each gets the answers that it would get alone.
 *
 * <p>Safe for every thread. A conversation answers one question at a time and refuses a second one.
 */
public final class Conversation implements AutoCloseable {
    /** One reply, and the one before it, which may not be taken from the batch yet; all the memory of the machine. */
    private static final PoolOptions ALONE = new PoolOptions(1, 1, Long.MAX_VALUE, PoolOptions.DEFAULT.passTarget(), 1);

    private final SpokenModel model;
    private final Scheduler scheduler;

    /** False if the thread that asks decodes. */
    private final boolean pooled;

    private final KvSlot slot;
    private final ReplyOptions options;
    private final Window window;
    private final ChatMeasure measure;

    /** Guarded by this. */
    private final List<ChatTurn> history = new ArrayList<>();

    /**
     * @param sampling its seed also seeds the noise of the spoken reply
     * @throws IllegalArgumentException if the model cannot follow the plan
     */
    public Conversation(SpokenModel model, ExitPlan plan, Sampling sampling, Limits limits) {
        this(model, new GenerationConfig(plan, sampling, limits), Window.of(model));
    }

    /**
     * @param window bounds the retained part when the conversation is long
     * @throws IllegalArgumentException if the model cannot follow the plan
     */
    public Conversation(SpokenModel model, GenerationConfig config, Window window) {
        this(model, config, window, SpeechMode.PUBLISHED);
    }

    /**
     * @param speechMode the use of speech codes; {@link SpeechMode#SILENT} where the text alone is wanted
     * @throws IllegalArgumentException if the model cannot follow the plan
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

    /** Positions that are in the KV cache; 0 before the first turn has been answered, and after a turn whose pass failed. */
    public synchronized int length() {
        return history.isEmpty() || slot.sequence() == null
                ? 0
                : slot.sequence().length();
    }

    /**
     * Asks and waits for the whole answer. While a block of speech is vocoded, the next one is decoded. If the thread is
     * interrupted, the reply ends there; if this thread decodes, what it said so far is vocoded.
     *
     * <p>Where the conversation has become too long for the context or its {@link Window}, its oldest turns are truncated first.
     *
     * @throws IllegalArgumentException if the question cannot be understood or does not fit context or memory, or if the model's
     *     weights are damaged; the conversation stays as it was
     * @throws IllegalStateException if another question is being answered, or if the model is closed or is being closed meanwhile
     * @throws PoolFullException if too many replies of the pool wait
     */
    public Answer ask(Question question, ReplyListener listener) {
        return ask(question, List.of(), listener);
    }

    /**
     * Asks like {@link #ask(Question, ReplyListener)}, but the answer begins with the given units instead of the
     * model's own. A measurement can thus determine how long a model with random weights speaks.
     *
     * @param forced units of the language model, from the first of the reply on
     */
    public Answer ask(Question question, List<Unit> forced, ReplyListener listener) {
        long start = System.nanoTime();
        try {
            ReplyCollector collector = new ReplyCollector();
            ReplyOptions how =
                    forced.isEmpty() ? options : new ReplyOptions(options.config(), options.speechMode(), forced);
            Asked asked = start(question, how, ReplyListener.both(listener, collector));
            if (pooled) collector.await(asked.reply());
            else scheduler.runUntil(collector::isOver);
            return answer(asked, collector, start);
        } catch (IllegalStateException e) {
            // If the model was closed in the meantime, say so.
            model.requireOpen();
            throw e;
        }
    }

    private Answer answer(Asked asked, ReplyCollector collector, long start) {
        PooledReply reply = collector.reply();
        ChatHistory chat = asked.fitting().chat();
        Prompt prompt =
                model.prompt(chat.question(), chat.earlier().isEmpty() ? TurnPosition.FIRST : TurnPosition.LATER);
        return new Answer(
                prompt,
                asked.fitting().truncation(),
                reply.text(),
                reply.reply(),
                options.speechMode() == SpeechMode.SILENT ? Waveform.NONE : speech(collector),
                collector.timing(start));
    }

    private Waveform speech(ReplyCollector collector) {
        return new Waveform(collector.samples(), model.synthesizer().sampleRateHz());
    }

    /**
     * Asks and returns at once, or after the question was encoded. The reply, whole or cancelled, belongs to the conversation.
     *
     * @throws IllegalArgumentException as {@link #ask(Question, ReplyListener)}
     * @throws IllegalStateException also if the conversation belongs to no pool: nobody would decode the reply
     * @throws PoolFullException if too many replies wait
     */
    public ReplyHandle start(Question question, ReplyListener listener) {
        if (!pooled) {
            throw new IllegalStateException(
                    "start: expected a conversation of a ConversationPool; use ask, which decodes");
        }
        return start(question, options, listener).reply();
    }

    private record Asked(ReplyHandle reply, Window.Fitting fitting) {}

    private Asked start(Question question, ReplyOptions how, ReplyListener listener) {
        Question encoded = model.encode(question);
        // Until the slot has accepted the question, no other reply may be recorded in the history.
        synchronized (this) {
            List<List<ChatTurn>> older = history.stream().map(List::of).toList();
            Window.Fitting fitting = window.fit(measure, older, ChatHistory.of(encoded), how.config());
            ReplyHandle reply = slot.ask(fitting.chat(), how, new HistoryRecorder(fitting.chat()), listener);
            return new Asked(reply, fitting);
        }
    }

    /**
     * Cuts the last reply to what was heard of it: the text before that stays, since it led to what was heard. The next
     * turn follows there. Nothing happens if all of it was heard, or there is none.
     *
     * @param heardSeconds sound of the reply that was played
     */
    public synchronized void truncate(double heardSeconds) {
        if (!(heardSeconds >= 0)) {
            throw new IllegalArgumentException("heard seconds: expected 0 or more, got " + heardSeconds);
        }
        if (history.isEmpty()) return;
        ChatTurn last = history.removeLast();
        history.add(new ChatTurn(last.question(), measure.heardPart(last.reply(), heardSeconds)));
    }

    /** The retained questions and replies. */
    public synchronized List<ChatTurn> history() {
        return List.copyOf(history);
    }

    /** Cancels the reply that is being made. Keys and values are freed once nothing refers to this conversation any more. */
    @Override
    public void close() {
        slot.close();
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

        /** The last turn stays as it is: it may have been cut in the meantime. */
        private void retainOnly(List<ChatTurn> left) {
            ChatTurn last = history.isEmpty() ? null : history.getLast();
            history.clear();
            history.addAll(left);
            if (!left.isEmpty()) history.set(left.size() - 1, last);
        }
    }

    /** Collects the sound of a reply until its end. */
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

        /** Waits for the end; an interruption cancels the reply. */
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

        /** A pool counts from the moment at which the prompt was ready. */
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
