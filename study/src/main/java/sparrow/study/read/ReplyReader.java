package sparrow.study.layers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import sparrow.engine.decode.PromptEmbeddings;
import sparrow.engine.exit.PendingRows;
import sparrow.engine.transformer.Row;
import sparrow.models.Prompt;
import sparrow.models.SpokenModel;

/**
 * The hidden states of some layers at every position that decided a token of a reply. The finished reply goes through the
 * unmodified model once more, behind its prompt and alone: products of few rows add up in another order than those of
 * many, so that states from decoding would depend in their last bits on what was decoded beside it.
 */
final class LayerStates {
    /** Rows per pass: enough to use the matrix kernels fully, few enough to bound the activations. */
    private static final int ROWS = 256;

    private final SpokenModel model;
    private final PendingRows rows;
    private final int firstDeciding;
    private final SortedMap<Integer, List<float[]>> states = new TreeMap<>();

    private LayerStates(SpokenModel model, PendingRows rows, int firstDeciding, SortedSet<Integer> layers) {
        this.model = model;
        this.rows = rows;
        this.firstDeciding = firstDeciding;
        for (int layer : layers) states.put(layer, new ArrayList<>());
    }

    /**
     * The states of one reply.
     *
     * @param reply decided ids, at least one
     * @param layers ascending; the last one is L
     */
    static LayerStates of(SpokenModel model, Prompt prompt, int[] reply, SortedSet<Integer> layers) {
        int[] opening = Arrays.copyOf(prompt.tokens(), prompt.shared());
        PendingRows rows = model.prefixes().begin(opening).rows();
        LayerStates states = new LayerStates(model, rows, prompt.tokens().length - 1, layers);
        for (int at = prompt.shared(); at < prompt.tokens().length; at++) states.append(prompt, at);
        // The last token was decided and not fed.
        for (int i = 0; i < reply.length - 1; i++) states.append(reply[i]);
        states.carry();
        return states;
    }

    /** The states after a layer, one per decided token, each [width]. */
    List<float[]> after(int layer) {
        return states.get(layer);
    }

    private void append(Prompt prompt, int at) {
        int width = model.languageModel().transformer().config().width();
        for (PromptEmbeddings heard : prompt.rows()) {
            int from = (at - heard.at()) * width;
            if (from >= 0 && from < heard.rows().length) {
                carryIfFull();
                rows.append(heard.rows(), from);
                return;
            }
        }
        append(prompt.tokens()[at]);
    }

    private void append(int token) {
        carryIfFull();
        rows.append(token);
    }

    private void carryIfFull() {
        if (rows.pending() == ROWS) carry();
    }

    /** Carries what was appended through all layers, and keeps the states on the way. */
    private void carry() {
        states.forEach((layer, kept) -> {
            List<Row> block = rows.rowsTo(layer);
            model.languageModel().transformer().forward(block);
            for (Row row : block) {
                if (row.position() >= firstDeciding) kept.add(row.hidden().clone());
            }
            rows.reached(layer);
        });
    }
}
