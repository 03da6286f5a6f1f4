package sparrow.engine.decode.speculate;

import java.util.List;
import sparrow.engine.decode.Commitment;
import sparrow.engine.decode.DecodeState;
import sparrow.engine.decode.Direct;
import sparrow.engine.exit.Exit;
import sparrow.engine.exit.Verification;
import sparrow.engine.interleave.Unit;
import sparrow.engine.sample.Prediction;
import sparrow.engine.unit.OutputHead;

/**
 * SPAR-K, whose early units are compared with those that the final head would have chosen in their place, each behind the units that
 * it had seen ({@link Verification#MEASURE}). The reply stays what it is.
 */
final class Measured implements Commitment {
    private final DecodeState state;
    private final Direct direct;
    private final EarlyUnits early;

    Measured(DecodeState state) {
        this.state = state;
        this.direct = new Direct(state);
        this.early = new EarlyUnits(state);
    }

    @Override
    public void feed() {
        direct.feed();
    }

    @Override
    public List<Exit> exits() {
        return direct.exits();
    }

    @Override
    public List<OutputHead.Query> queries(int layer) {
        return isFull(layer) && !early.isEmpty() ? early.queries() : direct.queries(layer);
    }

    private boolean isFull(int layer) {
        return layer == state.model().layers();
    }

    @Override
    public void commit(int layer, List<Prediction> predictions, Committed reply) {
        if (isFull(layer)) measure(predictions);
        else note(layer, predictions.getLast());
        direct.commit(layer, predictions, reply);
    }

    private void note(int layer, Prediction prediction) {
        Unit chosen = prediction.choose();
        early.add(chosen, state.forced(chosen), layer);
    }

    private void measure(List<Prediction> predictions) {
        if (early.isEmpty()) return;
        DecodeState.Checkpoint now = state.checkpoint();
        List<EarlyUnits.Early> units = early.takeBack();
        for (int i = 0; i < units.size(); i++) {
            EarlyUnits.Early unit = units.get(i);
            Prediction prediction = predictions.get(i);
            boolean right = prediction.choose().equals(unit.chosen());
            state.counter().verified(right, prediction.natsBelowBest(unit.chosen()));
            state.accept(unit.unit());
        }
        if (!state.checkpoint().equals(now)) {
            throw new IllegalStateException("a reply that was walked again went elsewhere");
        }
    }
}
