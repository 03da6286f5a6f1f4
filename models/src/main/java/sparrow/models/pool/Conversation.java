package sparrow.models.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Unit;
import sparrow.models.Prompt;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.TurnPosition;
import sparrow.models.Window;
import sparrow.speech.wave.Waveform;

/**
 * A conversation with a model, turn by turn: a pool of one, whose batch is decoded on the thread that asks. Earlier turns stay in
 * the KV cache and are not prefilled again, nor is the system turn that another conversation began with; positions that a reply
 * left pending are carried by the next turn's prefill. A {@link Window} bounds what is retained.
 *
 * <p>A conversation answers one question at a time and refuses a second one. Conversations with one model may be held on several
 * threads at once; each gets the answers that it would get alone.
 */
public final class Conversation {
    /** One reply, and the one before it, which may not be taken from the batch yet; all the memory of the machine. */
    private static final PoolOptions ALONE = new PoolOptions(1, 1, Long.MAX_VALUE, PoolOptions.DEFAULT.passTarget(), 1);

    private final SpokenModel model;
    private final GenerationConfig config;
    private final SpeechMode speechMode;
    private final Scheduler scheduler;
    private final KvSlot slot;
    private final PooledConversation conversation;
    private final AtomicBoolean answering = new AtomicBoolean();

    /**
     * @param sampling its seed also seeds the noise of the spoken reply
     * @throws IllegalArgumentException if the model cannot follow the plan
     */
    public Conversation(SpokenModel model, ExitPlan plan, Sampling sampling, Limits limits) {
        this(model, new GenerationConfig(plan, sampling, limits), model.defaultWindow());
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
        model.languageModel().check(config.plan());
        this.model = model;
        this.config = config;
        this.speechMode = speechMode;
        VocoderPool vocoders = new VocoderPool(ALONE.vocoders(), PoolObserver.NONE);
        this.scheduler = new Scheduler(model, ALONE, PoolObserver.NONE, System::nanoTime, vocoders);
        this.slot = scheduler.open();
        this.conversation = new PooledConversation(model, slot, options(List.of()), window);
    }

    private ReplyOptions options(List<Unit> forced) {
        return new ReplyOptions(config, speechMode, forced);
    }

    /** Positions that are in the KV cache; 0 before the first turn has been answered, and after a turn whose pass failed. */
    public int length() {
        return conversation.history().isEmpty() || slot.sequence() == null
                ? 0
                : slot.sequence().length();
    }

    /**
     * Asks and waits for the whole answer. While a block of speech is vocoded, the next one is decoded. If the thread is
     * interrupted, the reply ends there, and what it said so far is vocoded.
     *
     * <p>Where the conversation has become too long for the context or its {@link Window}, its oldest turns are truncated first.
     *
     * @throws IllegalArgumentException if the question cannot be understood or does not fit the context, or if the model's
     *     weights are damaged; the conversation stays as it was
     * @throws IllegalStateException if another question is being answered, or if the model is closed or is being closed meanwhile
     */
    public Answer ask(Question question, ReplyListener listener) {
        return ask(question, List.of(), listener);
    }

    /**
     * As {@link #ask(Question, ReplyListener)}, but the answer begins with given units in place of the model's own: so
     * a model of random weights speaks for as long as a measurement wants.
     *
     * @param forced units of the language model, from the first of the reply on
     */
    public Answer ask(Question question, List<Unit> forced, ReplyListener listener) {
        if (!answering.compareAndSet(false, true)) {
            throw new IllegalStateException("the conversation is answering another question; expected one at a time");
        }
        try {
            return answer(question, forced, listener);
        } catch (IllegalStateException e) {
            // If the model was closed in the meantime, say so.
            model.requireOpen();
            throw e;
        } finally {
            answering.set(false);
        }
    }

    private Answer answer(Question question, List<Unit> forced, ReplyListener listener) {
        long start = System.nanoTime();
        Whole whole = new Whole();
        PooledConversation.Asked asked =
                conversation.ask(question, options(forced), ReplyListener.both(listener, whole));
        scheduler.runUntil(whole::isOver);
        PooledReply reply = whole.reply();
        ChatHistory chat = asked.chat();
        Prompt prompt =
                model.prompt(chat.question(), chat.earlier().isEmpty() ? TurnPosition.FIRST : TurnPosition.LATER);
        return new Answer(
                prompt,
                asked.truncation(),
                reply.text(),
                reply.reply(),
                speechMode == SpeechMode.SILENT ? Waveform.NONE : speech(whole),
                whole.timing(start));
    }

    private Waveform speech(Whole whole) {
        return new Waveform(whole.samples(), model.synthesizer().sampleRateHz());
    }

    /** Collects the sound, and knows of the end. */
    private static final class Whole implements ReplyListener {
        private final List<float[]> pieces = new ArrayList<>();
        private PooledReply reply;
        private RuntimeException failure;
        private long end;
        private volatile boolean over;

        @Override
        public void speech(float[] samples) {
            pieces.add(samples);
        }

        @Override
        public void ended(PooledReply ended) {
            end = System.nanoTime();
            reply = ended;
            over = true;
        }

        @Override
        public void failed(RuntimeException why) {
            failure = why;
            over = true;
        }

        boolean isOver() {
            return over;
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
