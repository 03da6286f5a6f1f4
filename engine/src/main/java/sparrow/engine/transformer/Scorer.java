package sparrow.engine.transformer;

import java.util.List;

/**
 * Scores tokens by states, where the layers are computed. Keeps the memory that it works in from one use to the next.
 *
 * <p>For one thread at a time; a thread makes its own.
 */
public interface Scorer {
    /**
     * Scores of several positions; the rows are read once for all of them.
     *
     * @return one for each state, valid until the scorer is used again
     */
    List<Scores> scores(ScoreRows rows, List<State> states);

    /** The factors of the rows: the states after translator and norm, each [width]. For looking at. */
    List<float[]> inputs(ScoreRows rows, List<State> states);
}
