package sparrow.engine.decode;

import java.util.List;
import sparrow.engine.exit.Exit;
import sparrow.engine.head.OutputHead;
import sparrow.engine.head.Prediction;

/**
 * Converts the predictions for one reply to its units. SPAR-K commits each position's unit when the position exits
 * ({@link EarlyExitDecoding}); speculative decoding commits only units verified at full depth. Instances must be used
 * by one thread at a time.
 */
public interface DecodingStrategy {
    /** Creates strategies for a decoder's replies. */
    interface Factory {
        /**
         * Creates a reply's strategy.
         *
         * @throws IllegalArgumentException if this factory does not support the plan; the message is one line
         */
        DecodingStrategy create(ReplyState reply);

        /**
         * Appends the last unit of each reply to its sequence.
         *
         * @param replies strategies of replies whose last unit has no position yet
         * @param head head for strategies that make predictions without running layers
         */
        default void feed(List<DecodingStrategy> replies, OutputHead head) {
            for (DecodingStrategy reply : replies) reply.feed();
        }
    }

    /** Appends the reply's last unit to its sequence. */
    void feed();

    /** Returns the exits of the newest position in ascending order. The last exit is unconditional. */
    List<Exit> exits();

    /**
     * Returns the positions for which a layer's head makes predictions when the newest position reaches the layer. The
     * newest position is last.
     */
    List<OutputHead.Query> queries(int layer);

    /**
     * Commits the units that become final when the newest position exits.
     *
     * @param exit exit that the position takes
     * @param predictions one prediction for each of {@link #queries}
     */
    void commit(ReplyState.ExitPoint exit, List<Prediction> predictions);
}
