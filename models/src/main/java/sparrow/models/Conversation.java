package sparrow.models;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import sparrow.engine.decode.Decoder;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.Reply;
import sparrow.engine.decode.Sequence;
import sparrow.engine.decode.SpeechLogits;
import sparrow.engine.decode.speculate.Speculative;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.SkippedKv;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.sample.Sampling;
import sparrow.engine.transformer.Span;

/**
 * A conversation with a model, turn by turn. Earlier turns stay in the KV cache and are not prefilled again, nor is the
 * system turn that another conversation began with; positions that a reply left pending are carried by the next turn's
 * prefill. A {@link Window} says what is forgotten when it becomes too long.
 *
 * <p>One turn at a time: a second one that is asked meanwhile is refused. Conversations with one model may be held on several
 * threads at once; each gets the answers that it would get alone.
 */
public final class Conversation {
    private final SpokenModel model;
    private final Decoder decoder;
    private final GenerationConfig config;
    private final Window window;

    private final AtomicBoolean answering = new AtomicBoolean();

    /** Null until the first turn has been answered. */
    private Sequence sequence;

    private final PastTurns past;

    /** A conversation with the unmodified model but for its exits: {@link SpeechLogits#ALL}. */
    public Conversation(SpokenModel model, ExitPlan plan, Sampling sampling, Limits limits) {
        this(model, plan, sampling, limits, SpeechLogits.ALL);
    }

    /**
     * @param sampling its seed also seeds the noise of the spoken reply
     * @param speechLogits rows of the output matrix that are computed at speech positions of full depth
     * @throws IllegalArgumentException if the model cannot follow the plan
     */
    public Conversation(SpokenModel model, ExitPlan plan, Sampling sampling, Limits limits, SpeechLogits speechLogits) {
        this(model, new GenerationConfig(plan, sampling, limits, speechLogits), Window.DEFAULT);
    }

    /**
     * @param window what is forgotten when the conversation is long
     * @throws IllegalArgumentException if the model cannot follow the plan
     */
    public Conversation(SpokenModel model, GenerationConfig config, Window window) {
        this.model = model;
        this.config = config;
        this.window = window;
        this.decoder = Speculative.decoder(model.languageModel(), config);
        this.past = new PastTurns(model.languageModel().tokens(), model.codesPerSecond());
    }

    /** Positions that the conversation takes up in the context. */
    public int length() {
        return sequence == null ? 0 : sequence.length();
    }

    /**
     * Asks and waits for the whole answer. While a block of speech is vocoded, the next one is decoded.
     *
     * <p>Where the conversation has become too long for the context or its {@link Window}, something of it is forgotten first.
     *
     * @throws IllegalArgumentException if the question cannot be understood or does not fit the context, or if the model's
     *     weights are damaged; the conversation stays as it was, but for what was forgotten
     * @throws IllegalStateException if another turn is being answered, or if the model is closed or is being closed meanwhile
     */
    public Answer ask(Question question, AnswerListener listener) {
        return ask(question, new int[0], listener);
    }

    /**
     * As {@link #ask(Question, AnswerListener)}, but the answer begins with given tokens, whatever the model would say: so
     * that a model of random weights speaks for as long as is to be measured.
     *
     * @param forced ids of the language model, from the first of the reply on
     */
    public Answer ask(Question question, int[] forced, AnswerListener listener) {
        if (!answering.compareAndSet(false, true)) {
            throw new IllegalStateException("the conversation is answering another question; expected one at a time");
        }
        try {
            return answer(question, forced, listener);
        } catch (RuntimeException | Error e) {
            // What was begun is taken back: the next turn finds the conversation as it was.
            if (sequence != null) sequence.truncate(Math.min(past.end(), sequence.tokens().length));
            // Weights that are gone midway say no more than that they are gone.
            if (e instanceof IllegalStateException) model.requireNotClosed();
            throw e;
        } finally {
            answering.set(false);
        }
    }

    private Answer answer(Question question, int[] forced, AnswerListener listener) {
        long start = System.nanoTime();
        Question heard = model.encode(question);
        Prompt first = model.prompt(heard, TurnPosition.FIRST);
        Prompt later = model.prompt(heard, TurnPosition.LATER);
        Truncation truncation = sequence == null ? Truncation.NOTHING : forget(first, later);
        Prompt prompt = sequence == null ? first : later;
        listener.prompt(prompt);
        long encoded = System.nanoTime() - start;
        TokenSpace tokens = model.languageModel().tokens();
        try (SpeechOutput output =
                new SpeechOutput(model.synthesizer(), config.sampling().seed(), listener, start)) {
            SpokenSteps spoken = new SpokenSteps(model, output, forced, listener, start);
            Sequence asked = sequence == null ? model.begin(prompt) : sequence;
            Reply reply = decoder.reply(prompt.request(asked).withForced(forced).withListener(spoken));
            spoken.finish();
            long decoded = System.nanoTime() - start;
            output.drop(tokens.codes(vain(asked, reply)).length);
            output.finish();
            // Not before all of it is sound: a first turn that fails leaves nothing behind that a later one would
            // follow.
            sequence = asked;
            past.add(prompt, first, sequence.tokens().length);
            return new Answer(
                    prompt,
                    truncation,
                    spoken.words(),
                    reply,
                    output.waveform(),
                    new Answer.Timing(
                            encoded, spoken.firstToken(), decoded, output.firstAudio(), System.nanoTime() - start));
        }
    }

    /** The tokens that a runaway reply says in vain: none if it is none. */
    private static int[] vain(Sequence sequence, Reply reply) {
        int[] list = sequence.tokens();
        int count = reply.steps().size() - reply.sensibleSteps();
        return Arrays.copyOfRange(list, list.length - count, list.length);
    }

    /** Makes room for a question and its reply: what is over is forgotten as far as the window wants it. */
    private Truncation forget(Prompt first, Prompt later) {
        int context = model.languageModel().transformer().config().contextLength();
        // One that never fits is refused, and nothing is forgotten for it.
        if (window.truncation() == TruncationStrategy.OFF || first.tokens().length >= context)
            return Truncation.NOTHING;
        int[] list = sequence.tokens();
        int added = later.tokens().length;
        boolean full = list.length + added > Window.mostPrompt(config.limits(), context);
        int most = full ? Window.leftPrompt(config.limits(), context) : context;
        List<Window.Retention> retentions = window.retain(
                past.count(),
                some -> Span.length(past.spans(list, some)) + added <= most
                        && past.seconds(list, some) <= window.seconds());
        List<Span> kept = past.spans(list, retentions);
        int positions = list.length - Span.length(kept);
        if (positions == 0) return Truncation.NOTHING;
        int silenced = past.silenced(list, retentions);
        boolean exact = !window.truncation().isApproximate()
                || config.plan().skippedKv() == SkippedKv.OMIT
                || past.isForgotten(retentions);
        if (past.isForgotten(retentions)) sequence = null;
        else if (exact) sequence.refill(kept);
        else sequence.keep(kept);
        past.keep(retentions, kept);
        int gone = retentions.size() - past.count();
        return new Truncation(gone, silenced, positions, exact);
    }
}
