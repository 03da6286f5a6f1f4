package sparrow.engine.decode;

import java.util.List;
import sparrow.engine.exit.Exit;
import sparrow.engine.head.OutputHead;
import sparrow.engine.head.Prediction;

/**
 * Turns the predictions of one reply into its units. SPAR-K commits the unit of each position when the position exits ({@link
 * EarlyExitDecoding}); speculative decoding commits units that full depth has verified. For one thread at a time.
 */
public interface DecodingStrategy {
    /** Creates the strategies of a decoder's replies. */
    interface Factory {
        /**
         * Creates the strategy of a reply.
         *
         * @throws IllegalArgumentException in one line if this factory does not support the plan
         */
        DecodingStrategy begin(ReplyState reply);

        /**
         * Feeds the last unit of each reply that has no position for it yet.
         *
         * @param head for strategies that predict without running layers
         */
        default void feed(List<DecodingStrategy> replies, OutputHead head) {
            for (DecodingStrategy reply : replies) reply.feed();
        }
    }

    /** Appends the last unit to the sequence. */
    void feed();

    /** The exits of the newest position in ascending order; it takes the last one in any case. */
    List<Exit> exits();

    /** The positions that the head of a layer predicts for when the newest position reaches it; the newest position comes last. */
    List<OutputHead.Query> queries(int layer);

    /**
     * Called when the newest position exits: commits the units that are final now.
     *
     * @param exit where it exits
     * @param predictions one for each of {@link #queries}
     */
    void commit(ReplyState.ExitPoint exit, List<Prediction> predictions);
}
