package sparrow.engine.decode.speculate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import sparrow.engine.decode.DecodeState;
import sparrow.engine.exit.Speculation;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.State;
import sparrow.engine.unit.OutputHead;

/** The latest early units of a reply since its last position of full depth: those that the next one is asked about too. */
final class EarlyUnits {
    /**
     * A unit that full depth has not been asked about.
     *
     * @param before the state of the reply in which it was chosen
     * @param chosen by the head
     * @param unit that came next: another one where a reply is forced
     * @param modality that its position was expected to decide
     * @param layer whose head chose it; L for a draft head
     * @param speechOnly whether full depth is to choose among speech alone
     */
    record Early(
            DecodeState.Checkpoint before, Unit chosen, Unit unit, Modality modality, int layer, boolean speechOnly) {}

    private final DecodeState state;
    private final Deque<Early> units = new ArrayDeque<>();

    EarlyUnits(DecodeState state) {
        this.state = state;
    }

    /** Takes note of an early unit, before the reply accepts it. Of more than {@link Speculation#MOST_DRAFTS} the latest are kept. */
    void add(Unit chosen, Unit unit, int layer) {
        if (isFull()) units.removeFirst();
        units.add(new Early(state.checkpoint(), chosen, unit, state.modality(), layer, state.isSpeechOnly()));
    }

    boolean isEmpty() {
        return units.isEmpty();
    }

    boolean isFull() {
        return units.size() == Speculation.MOST_DRAFTS;
    }

    int count() {
        return units.size();
    }

    Early last() {
        return units.getLast();
    }

    /** The positions that decided them, and the newest one behind these. */
    List<OutputHead.Query> queries() {
        List<State> states = state.sequence().newest(units.size() + 1);
        List<OutputHead.Query> queries = new ArrayList<>();
        int first = state.sequence().length() - states.size();
        for (Early early : units) {
            int i = queries.size();
            queries.add(state.query(states.get(i), early.modality(), early.speechOnly(), first + i));
        }
        queries.add(state.query());
        return queries;
    }

    /** All of them, which are forgotten; the reply goes back to the state before the first. */
    List<Early> takeBack() {
        List<Early> all = List.copyOf(units);
        units.clear();
        if (!all.isEmpty()) state.rollBack(all.getFirst().before());
        return all;
    }
}
