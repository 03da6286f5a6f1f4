package sparrow.engine.decode;

import sparrow.engine.exit.PendingRows;

/**
 * One conversation as the model sees it: the positions it has been fed, their keys and values, and those that still
 * wait for their upper layers. It outlives a reply: the next turn's prompt is appended behind it.
 */
public final class Sequence {
    private final LanguageModel model;
    private final PendingRows rows;
    private int undecoded = -1;

    /** An empty conversation. */
    public Sequence(LanguageModel model) {
        this.model = model;
        this.rows = new PendingRows(model.transformer());
    }

    /** Positions and their caches. */
    public PendingRows rows() {
        return rows;
    }

    /** Free positions of the context. */
    public int room() {
        return Math.max(0, model.transformer().config().contextLength() - rows.length() - (undecoded >= 0 ? 1 : 0));
    }

    /** Appends tokens to be carried by the next pass. */
    void append(int... tokens) {
        if (undecoded >= 0) {
            rows.append(undecoded);
            undecoded = -1;
        }
        for (int token : tokens) rows.append(token);
    }

    /** Remembers the last token of a reply that was cut off: it was decided but not fed, and belongs to the history. */
    void remember(int token) {
        undecoded = token;
    }
}
