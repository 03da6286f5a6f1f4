package sparrow.engine.exit;

import java.util.ArrayList;
import java.util.List;
import sparrow.engine.transformer.ScoreRows;
import sparrow.engine.transformer.Scorer;
import sparrow.engine.transformer.Scores;
import sparrow.engine.transformer.State;
import sparrow.engine.transformer.Transformer;

/**
 * Predicts tokens from the residual stream after one layer: a whole head, or the part of one that some tokens need.
 *
 * <p>Does not change; safe for several threads, each with a {@link Scorer} of its own.
 */
public sealed interface Head permits ExitHead, PartialHead {
    /** The layer, from 1. */
    int layer();

    /** The rows that a state is multiplied with. */
    ScoreRows rows();

    /** Bytes of weights that one use reads. */
    default long bytes() {
        return rows().bytes();
    }

    /**
     * Logits of several positions; the rows are read once for all of them.
     *
     * @param states residual streams after {@link #layer}
     * @param scorer what computes them; the logits are valid until it is used again
     */
    default List<Logits> logits(Scorer scorer, List<State> states) {
        List<Scores> scores = scorer.scores(rows(), states);
        if (scores.size() == 1) return List.of(new Logits(scores.getFirst()));
        List<Logits> logits = new ArrayList<>();
        for (Scores one : scores) logits.add(new Logits(one));
        return logits;
    }

    /**
     * Logits of states that are here, in memory of their own.
     *
     * @param hidden residual streams after {@link #layer}, each [width]
     */
    default List<Logits> logits(Transformer transformer, List<float[]> hidden) {
        return logits(
                transformer.newScorer(), hidden.stream().map(transformer::state).toList());
    }
}
