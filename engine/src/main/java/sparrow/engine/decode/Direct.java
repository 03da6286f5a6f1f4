package sparrow.engine.decode;

import java.util.List;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.Exit;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.exit.Verification;
import sparrow.engine.interleave.Unit;
import sparrow.engine.sample.Prediction;
import sparrow.engine.unit.OutputHead;

/** SPAR-K: the unit that a position decides as it leaves is final (section 4.2.2). */
public final class Direct implements Commitment {
    /** Commits every reply so. */
    public static final Factory FACTORY = Direct::begin;

    private final DecodeState state;

    /** The commitment of a reply whose plan does not verify. */
    public Direct(DecodeState state) {
        this.state = state;
    }

    private static Commitment begin(DecodeState state) {
        Verification verification = state.plan().verification();
        if (verification == Verification.NONE) return new Direct(state);
        throw new IllegalArgumentException(
                "verification " + verification + ": expected a decoder that verifies, got one of SPAR-K alone");
    }

    @Override
    public void feed() {
        state.feed();
    }

    @Override
    public List<Exit> exits() {
        DepthPolicy policy = state.plan().policy(state.modality());
        return ((ExitPolicy) policy).exits(state.chunkPosition(), state.model().layers());
    }

    @Override
    public List<OutputHead.Query> queries(int layer) {
        return List.of(state.query());
    }

    @Override
    public void commit(int layer, List<Prediction> predictions, Committed reply) {
        Unit chosen = predictions.getLast().choose();
        reply.commit(chosen, state.forced(chosen), 0, state.sequence().length() - 1);
    }
}
