package sparrow.engine.decode;

import java.util.List;
import sparrow.engine.exit.Exit;
import sparrow.engine.interleave.Unit;
import sparrow.engine.sample.Prediction;
import sparrow.engine.unit.OutputHead;

/**
 * The way from predictions to the units of one reply. SPAR-K commits every unit as its position leaves ({@link Direct}); speculation
 * commits what full depth has confirmed.
 *
 * <p>For one thread at a time.
 */
public interface Commitment {
    /** Makes the commitments of a decoder's replies. */
    interface Factory {
        /**
         * The commitment of a reply.
         *
         * @throws IllegalArgumentException in one line if the plan asks for one that this factory does not make
         */
        Commitment begin(DecodeState state);

        /**
         * Feeds the replies whose last unit has no position yet, all of them together.
         *
         * @param head reads states that no layer runs for
         */
        default void feed(List<Commitment> replies, OutputHead head) {
            for (Commitment reply : replies) reply.feed();
        }
    }

    /** Appends the unit accepted last to the sequence. */
    void feed();

    /** The exits of the newest position, in the order in which it comes to them; it takes the last one in any case. */
    List<Exit> exits();

    /** The positions that the head of a layer is asked about when the newest one comes there: that one last. */
    List<OutputHead.Query> queries(int layer);

    /**
     * The newest position leaves.
     *
     * @param layer after which it leaves
     * @param predictions one for each of {@link #queries}
     * @param reply takes the units that are final now
     */
    void commit(int layer, List<Prediction> predictions, Committed reply);

    /** The reply that units are committed to. */
    interface Committed {
        /**
         * Accepts a unit for good: the state goes on behind it, and it is a step of the reply. If it ends the reply, the positions
         * behind the one that decided it leave the sequence.
         *
         * @param chosen by the head
         * @param unit that comes next: another one under teacher forcing
         * @param draftLayer layer whose draft it was; 0 for no draft
         * @param position that decided it, in its sequence
         * @return whether the reply goes on
         */
        boolean commit(Unit chosen, Unit unit, int draftLayer, int position);
    }
}
