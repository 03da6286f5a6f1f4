package sparrow.models;

import sparrow.engine.decode.Decoder;
import sparrow.engine.decode.HeadRows;
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.Reply;
import sparrow.engine.decode.Sampling;
import sparrow.engine.decode.Sequence;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.text.TextStream;

/**
 * A conversation with a model, turn by turn. Earlier turns stay in the KV cache and are not prefilled again; positions
 * that a reply left pending are carried by the next turn's prefill. One turn at a time.
 */
public final class Conversation {
    private final SpokenModel model;
    private final Decoder decoder;
    private final Sequence sequence;
    private final long noiseSeed;
    private boolean first = true;

    /** A conversation with the unmodified model but for its exits: {@link HeadRows.All}. */
    public Conversation(SpokenModel model, ExitPlan plan, Sampling sampling, Limits limits) {
        this(model, plan, sampling, limits, new HeadRows.All());
    }

    /**
     * @param sampling its seed also seeds the noise of the spoken reply
     * @param headRows rows of the output matrix that are computed at speech positions of full depth
     * @throws IllegalArgumentException if the model cannot follow the plan
     */
    public Conversation(SpokenModel model, ExitPlan plan, Sampling sampling, Limits limits, HeadRows headRows) {
        this.model = model;
        this.decoder = new Decoder(model.languageModel(), plan, sampling, limits, headRows);
        this.sequence = new Sequence(model.languageModel());
        this.noiseSeed = sampling.seed();
    }

    /** Positions that the conversation takes up in the context. */
    public int length() {
        return sequence.rows().length();
    }

    /**
     * Asks and waits for the whole answer. While a block of speech is vocoded, the next one is decoded.
     *
     * @throws IllegalArgumentException if the question cannot be understood or does not fit the context
     */
    public Answer ask(Question question, AnswerListener listener) {
        long start = System.nanoTime();
        Prompt prompt = model.prompt(question, first);
        listener.prompt(prompt);
        long encoded = System.nanoTime() - start;
        TextStream text = model.textStream();
        StringBuilder words = new StringBuilder();
        try (SpeechOutput output = new SpeechOutput(model.synthesizer(), noiseSeed, listener, start)) {
            FirstToken firstToken = new FirstToken(start);
            Reply reply = decoder.reply(sequence, prompt.tokens(), step -> {
                firstToken.note();
                if (model.languageModel().tokens().isEnd(step.token())) {
                    // An end token is neither heard nor read.
                } else if (model.languageModel().tokens().isSpeech(step.token())) {
                    output.accept(model.languageModel().tokens().code(step.token()));
                } else {
                    say(text.accept(step.token()), words, listener);
                }
                listener.step(step);
            });
            first = false;
            say(text.finish(), words, listener);
            long decoded = System.nanoTime() - start;
            output.finish();
            return new Answer(
                    prompt,
                    words.toString(),
                    reply,
                    output.waveform(),
                    new Answer.Timing(
                            encoded, firstToken.nanos, decoded, output.firstAudio(), System.nanoTime() - start));
        }
    }

    private static void say(String piece, StringBuilder words, AnswerListener listener) {
        if (piece.isEmpty()) return;
        words.append(piece);
        listener.text(piece);
    }

    private static final class FirstToken {
        private final long start;
        private long nanos;

        FirstToken(long start) {
            this.start = start;
        }

        void note() {
            if (nanos == 0) nanos = System.nanoTime() - start;
        }
    }
}
