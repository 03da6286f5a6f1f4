package sparrow.engine.decode;

import java.util.BitSet;
import java.util.List;
import sparrow.engine.exit.PendingRows;

/**
 * One conversation as the model sees it: the positions it has been fed, their keys and values, and those that still
 * wait for their upper layers. It outlives a reply: the next turn's prompt is appended behind it.
 */
public final class Sequence {
    /** Prompt rows per pass: enough to use the matrix kernels fully, few enough to bound the activations. */
    private static final int PREFILL_ROWS = 256;

    private final LanguageModel model;
    private final PendingRows rows;
    private final BitSet tokens;
    private int undecoded = -1;

    /** An empty conversation. */
    public Sequence(LanguageModel model) {
        this(model, new PendingRows(model.transformer()), new BitSet());
    }

    private Sequence(LanguageModel model, PendingRows rows, BitSet tokens) {
        this.model = model;
        this.rows = rows;
        this.tokens = tokens;
    }

    /** A conversation that goes on from here on its own: keys, values and what is pending are copied, to the bit. */
    public Sequence fork() {
        Sequence fork = new Sequence(model, rows.fork(), tokens());
        fork.undecoded = undecoded;
        return fork;
    }

    /** Positions and their caches. */
    public PendingRows rows() {
        return rows;
    }

    /** The ids that stand in the conversation, a copy: what a repetition penalty counts, prompts included. */
    BitSet tokens() {
        return (BitSet) tokens.clone();
    }

    /** Free positions of the context. */
    public int room() {
        return Math.max(0, model.transformer().config().contextLength() - rows.length() - (undecoded >= 0 ? 1 : 0));
    }

    /** Channels of a position. */
    int width() {
        return model.transformer().config().width();
    }

    /** Appends tokens to be carried by the next pass. */
    void append(int... more) {
        feedUndecoded();
        for (int token : more) append(token);
    }

    private void append(int token) {
        rows.append(token);
        tokens.set(token);
    }

    private void feedUndecoded() {
        if (undecoded < 0) return;
        append(undecoded);
        undecoded = -1;
    }

    /**
     * Appends the tokens from {@code from} on and carries them, and what was pending before them, through all layers:
     * block by block, so that the weights are read once for each. No head is asked.
     *
     * @param replaced hidden states instead of the embeddings of some of the tokens
     * @param listener is shown the last position, which decides the first token of the reply
     */
    void prefill(int[] tokens, List<PromptEmbeddings> replaced, int from, StepListener listener) {
        feedUndecoded();
        for (int first = from; first < tokens.length; first += PREFILL_ROWS) {
            int end = Math.min(tokens.length, first + PREFILL_ROWS);
            for (int at = first; at < end; at++) append(tokens[at], at, replaced);
            carry(end == tokens.length ? listener : StepListener.NONE);
        }
    }

    /** Appends a prompt's token at {@code at}, or the hidden state that replaces it. */
    private void append(int token, int at, List<PromptEmbeddings> replaced) {
        for (PromptEmbeddings states : replaced) {
            if (at >= states.at() && at < states.end(width())) {
                rows.append(states.rows(), (at - states.at()) * width());
                tokens.set(token);
                return;
            }
        }
        append(token);
    }

    /** Carries all positions through all layers, with a pause at those that are watched. */
    private void carry(StepListener listener) {
        int layers = model.transformer().config().layers();
        for (int layer : listener.watched().headSet(layers)) {
            carry(layer);
            listener.state(layer, rows.newest());
        }
        carry(layers);
        if (listener.watched().contains(layers)) listener.state(layers, rows.newest());
    }

    private void carry(int depth) {
        model.transformer().forward(rows.rowsTo(depth));
        rows.reached(depth);
    }

    /** Remembers the last token of a reply that was cut off: it was decided but not fed, and belongs to the history. */
    void remember(int token) {
        undecoded = token;
        tokens.set(token);
    }
}
