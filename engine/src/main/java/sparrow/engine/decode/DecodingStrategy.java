package sparrow.engine.decode;

import java.util.List;
import sparrow.engine.exit.Exit;
import sparrow.engine.head.OutputHead;
import sparrow.engine.head.Prediction;

/**
 * Turns the predictions for one reply into its units. SPAR-K commits the unit of each position when the position exits
 * ({@link EarlyExitDecoding}); speculative decoding commits only units that full depth has verified. For one thread at
 * a time.
 */
public interface DecodingStrategy {
    /** Creates the strategies of a decoder's replies. */
    interface Factory {
        /**
         * Creates the strategy of a reply.
         *
         * @throws IllegalArgumentException if this factory does not support the plan; the message has one line
         */
        DecodingStrategy create(ReplyState reply);

        /**
         * Appends the last unit of each reply to its sequence.
         *
         * @param replies strategies of the replies whose last unit has no position yet
         * @param head head for strategies that predict without running layers
         */
        default void feed(List<DecodingStrategy> replies, OutputHead head) {
            for (DecodingStrategy reply : replies) reply.feed();
        }
    }

    /** Appends the last unit of the reply to its sequence. */
    void feed();

    /** Returns the exits of the newest position in ascending order; the last one is unconditional. */
    List<Exit> exits();

    /**
     * Returns the positions for which the head of a layer predicts when the newest position reaches it; the newest
     * position is last.
     */
    List<OutputHead.Query> queries(int layer);

    /**
     * Commits the units that become final when the newest position exits.
     *
     * @param exit exit that the position takes
     * @param predictions one for each of {@link #queries}
     */
    void commit(ReplyState.ExitPoint exit, List<Prediction> predictions);
}
