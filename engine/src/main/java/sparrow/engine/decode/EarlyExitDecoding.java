package sparrow.engine.decode;

import java.util.List;
import sparrow.engine.exit.Exit;
import sparrow.engine.exit.Verification;
import sparrow.engine.head.OutputHead;
import sparrow.engine.head.Prediction;

/** SPAR-K's decoding strategy: the unit decided by a position is final when the position exits. */
public final class EarlyExitDecoding implements DecodingStrategy {
    /** Factory that creates an {@code EarlyExitDecoding} for each reply. */
    public static final Factory FACTORY = EarlyExitDecoding::create;

    private final ReplyState reply;

    /** Creates a strategy for a reply whose plan does not verify early units. */
    public EarlyExitDecoding(ReplyState reply) {
        this.reply = reply;
    }

    private static DecodingStrategy create(ReplyState reply) {
        Verification verification = reply.plan().verification();
        if (verification == Verification.NONE) return new EarlyExitDecoding(reply);
        throw new IllegalArgumentException("verification " + verification
                + ": expected a decoder with speculative decoding, got one with early exit only");
    }

    @Override
    public void feed() {
        reply.feed();
    }

    @Override
    public List<Exit> exits() {
        return reply.policy().exits(reply.chunkPosition(), reply.model().layers());
    }

    @Override
    public List<OutputHead.Query> queries(int layer) {
        return List.of(reply.query());
    }

    @Override
    public void commit(ReplyState.ExitPoint exit, List<Prediction> predictions) {
        Prediction prediction = predictions.getLast();
        reply.commit(prediction.choose(), prediction, exit, 0);
    }
}
