package sparrow.engine.decode.speculate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import sparrow.engine.decode.DecodeState;
import sparrow.engine.decode.HeadQuery;
import sparrow.engine.exit.Speculation;
import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.State;

/** The latest early units of a reply since its last position of full depth: those that the next one is asked about too. */
final class EarlyUnits {
    private final DecodeState state;
    private final Deque<EarlyUnit> units = new ArrayDeque<>();

    EarlyUnits(DecodeState state) {
        this.state = state;
    }

    /** Takes note of an early unit, before the reply accepts it. Of more than {@link Speculation#MOST_DRAFTS} the latest are kept. */
    void add(Unit chosen, Unit unit, int layer) {
        if (isFull()) units.removeFirst();
        units.add(new EarlyUnit(state.checkpoint(), chosen, unit, state.modality(), layer, state.isSpeechOnly()));
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

    EarlyUnit last() {
        return units.getLast();
    }

    /** The positions that decided them, and the newest one behind these. */
    List<HeadQuery> queries() {
        List<State> states = state.sequence().newest(units.size() + 1);
        List<HeadQuery> queries = new ArrayList<>();
        for (EarlyUnit early : units) {
            queries.add(new HeadQuery(states.get(queries.size()), early.modality(), early.speechOnly()));
        }
        queries.add(state.query());
        return queries;
    }

    /** All of them, which are forgotten; the reply goes back to the state before the first. */
    List<EarlyUnit> takeBack() {
        List<EarlyUnit> all = List.copyOf(units);
        units.clear();
        if (!all.isEmpty()) state.rollBack(all.getFirst().before());
        return all;
    }
}
