package sparrow.engine.decode.speculate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import sparrow.engine.decode.ReplyState;
import sparrow.engine.exit.Speculation;
import sparrow.engine.head.OutputHead;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.HiddenState;

/**
 * The early units of a reply after its last position at full depth. The next position at full depth verifies these
 * units.
 */
final class DraftBuffer {
    /**
     * An early unit and the information required to verify it.
     *
     * @param before state of the reply before the unit was accepted
     * @param chosen unit chosen by the head
     * @param unit accepted unit, which may differ under teacher forcing
     * @param modality modality that the position was expected to decide
     * @param layer layer of the head that chose the unit, or L for a draft head
     * @param speechOnly whether layer L's head may choose only speech at this position
     */
    record Draft(
            ReplyState.Checkpoint before, Unit chosen, Unit unit, Modality modality, int layer, boolean speechOnly) {}

    private final ReplyState reply;
    private final Deque<Draft> drafts = new ArrayDeque<>();

    DraftBuffer(ReplyState reply) {
        this.reply = reply;
    }

    /**
     * Adds an early unit before the reply accepts it. Only the last {@link Speculation#MAX_DRAFTS} units are retained.
     */
    void add(Unit chosen, Unit unit, int layer) {
        if (isFull()) drafts.removeFirst();
        drafts.add(new Draft(reply.checkpoint(), chosen, unit, reply.modality(), layer, reply.isSpeechOnly()));
    }

    boolean isEmpty() {
        return drafts.isEmpty();
    }

    boolean isFull() {
        return drafts.size() == Speculation.MAX_DRAFTS;
    }

    int count() {
        return drafts.size();
    }

    Draft last() {
        return drafts.getLast();
    }

    /** Returns queries for the positions that decided the early units, followed by a query for the newest position. */
    List<OutputHead.Query> queries() {
        List<HiddenState> states = reply.sequence().newestStates(drafts.size() + 1);
        List<OutputHead.Query> queries = new ArrayList<>();
        int first = reply.sequence().length() - states.size();
        for (Draft draft : drafts) {
            int i = queries.size();
            queries.add(reply.query(states.get(i), draft.modality(), draft.speechOnly(), first + i));
        }
        queries.add(reply.query());
        return queries;
    }

    /** Removes and returns all early units and rolls the reply back to the state before the first early unit. */
    List<Draft> rollBack() {
        List<Draft> all = List.copyOf(drafts);
        drafts.clear();
        if (!all.isEmpty()) reply.rollBack(all.getFirst().before());
        return all;
    }
}
