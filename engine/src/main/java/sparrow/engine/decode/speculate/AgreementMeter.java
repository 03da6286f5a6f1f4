package sparrow.engine.decode.speculate;

import java.util.List;
import sparrow.engine.decode.DecodingStrategy;
import sparrow.engine.decode.EarlyExitDecoding;
import sparrow.engine.decode.ReplyState;
import sparrow.engine.exit.Exit;
import sparrow.engine.exit.Verification;
import sparrow.engine.head.OutputHead;
import sparrow.engine.head.Prediction;
import sparrow.engine.interleave.Unit;

/**
 * Decodes with early exit and counts how often full depth would have chosen the same unit after the same preceding
 * units ({@link Verification#MEASURE}). The reply is identical to the reply of {@link EarlyExitDecoding}.
 */
final class AgreementMeter implements DecodingStrategy {
    private final ReplyState reply;
    private final EarlyExitDecoding earlyExit;
    private final DraftBuffer early;

    AgreementMeter(ReplyState reply) {
        this.reply = reply;
        this.earlyExit = new EarlyExitDecoding(reply);
        this.early = new DraftBuffer(reply);
    }

    @Override
    public void feed() {
        earlyExit.feed();
    }

    @Override
    public List<Exit> exits() {
        return earlyExit.exits();
    }

    @Override
    public List<OutputHead.Query> queries(int layer) {
        return isFull(layer) && !early.isEmpty() ? early.queries() : earlyExit.queries(layer);
    }

    private boolean isFull(int layer) {
        return layer == reply.model().layers();
    }

    @Override
    public void commit(ReplyState.ExitPoint exit, List<Prediction> predictions) {
        if (isFull(exit.layer())) {
            measure(predictions);
        } else {
            Unit chosen = predictions.getLast().choose();
            early.add(chosen, reply.fedUnit(chosen), exit.layer());
        }
        earlyExit.commit(exit, predictions);
    }

    private void measure(List<Prediction> predictions) {
        if (early.isEmpty()) return;
        ReplyState.Checkpoint now = reply.checkpoint();
        List<DraftBuffer.Draft> units = early.rollBack();
        for (int i = 0; i < units.size(); i++) {
            DraftBuffer.Draft unit = units.get(i);
            Prediction prediction = predictions.get(i);
            boolean agrees = prediction.choose().equals(unit.chosen());
            reply.counter().addVerified(agrees, prediction.natsBelowBest(unit.chosen()));
            reply.accept(unit.unit());
        }
        if (!reply.checkpoint().equals(now)) {
            throw new IllegalStateException("the state after accepting the units again differs from the state before");
        }
    }
}
