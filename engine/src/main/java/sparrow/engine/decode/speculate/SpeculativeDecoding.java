package sparrow.engine.decode.speculate;

import java.util.List;
import java.util.Optional;
import sparrow.engine.decode.DecodingStrategy;
import sparrow.engine.decode.ReplyState;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.Exit;
import sparrow.engine.exit.Speculation;
import sparrow.engine.exit.Verification;
import sparrow.engine.head.OutputHead;
import sparrow.engine.head.Prediction;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;

/**
 * Commits only units that full depth chooses ({@link Verification#EXACT}). Early units are drafts, which become inputs
 * but are not committed. The next position at full depth verifies all drafts. If full depth chooses the same unit, a
 * draft is committed. At the first different choice, full depth's choice is committed and the later positions are
 * removed from the sequence.
 */
class SpeculativeDecoding implements DecodingStrategy {
    private final ReplyState reply;
    private final DraftBuffer drafts;

    /** True if no further draft may be added to the run. */
    private boolean runEnded;

    /**
     * The state from which the draft head continues. After a verification, this is the last remaining position's state
     * after layer L; after a draft by the draft head, it is the head's output.
     */
    private Optional<float[]> ahead = Optional.empty();

    SpeculativeDecoding(ReplyState reply) {
        this.reply = reply;
        this.drafts = new DraftBuffer(reply);
    }

    ReplyState reply() {
        return reply;
    }

    @Override
    public void feed() {
        reply.feed();
    }

    /** Returns the policy's exits for a draft, or full depth for the position after a run of drafts. */
    @Override
    public List<Exit> exits() {
        int layers = reply.model().layers();
        boolean full = drafts.isFull()
                || mayNotDraft()
                || reply.policy() instanceof Speculation speculation && !hasRoom(speculation);
        return full ? List.of(Exit.always(layers)) : reply.policy().exits(reply.chunkPosition(), layers);
    }

    /**
     * Returns whether no draft may follow because the run has ended or there is no room for the position that verifies
     * the draft.
     */
    private boolean mayNotDraft() {
        return runEnded
                || reply.accepted() + 1 >= reply.limits().newTokens()
                || reply.sequence().room() < 1;
    }

    /** Returns whether the run has room for another draft of this policy. */
    private boolean hasRoom(Speculation policy) {
        return drafts.isEmpty()
                || drafts.count() < policy.maxDrafts()
                        && policy.equals(policy(drafts.last().modality()));
    }

    private DepthPolicy policy(Modality modality) {
        return reply.plan().policy(modality);
    }

    @Override
    public List<OutputHead.Query> queries(int layer) {
        return isFull(layer) && !drafts.isEmpty() ? drafts.queries() : List.of(reply.query());
    }

    private boolean isFull(int layer) {
        return layer == reply.model().layers();
    }

    @Override
    public void commit(ReplyState.ExitPoint exit, List<Prediction> predictions) {
        if (isFull(exit.layer())) verify(exit, predictions);
        else draft(exit.layer(), predictions.getLast(), isUnsure(predictions.getLast()));
    }

    private boolean isUnsure(Prediction prediction) {
        return reply.policy() instanceof Speculation.SelfDraft selfDraft
                && selfDraft.nats() < Double.POSITIVE_INFINITY
                && prediction.entropy() >= selfDraft.nats();
    }

    private void draft(int layer, Prediction prediction, boolean last) {
        Unit chosen = prediction.choose();
        Unit unit = draftOf(reply.fedUnit(chosen), reply.accepted(), drafts.count() + 1);
        reply.counter().addDraft(reply.modality());
        drafts.add(chosen, unit, layer);
        reply.accept(unit);
        runEnded = last
                || reply.model().units().isEnd(unit)
                || reply.model().units().mayBreakPattern(unit);
    }

    /**
     * Returns the draft for a unit. By default, the draft is the unit itself. Tests override this method to force wrong
     * drafts.
     *
     * @param place index of the unit in the reply, counted from 0
     * @param inRun position in the run of drafts, counted from 1
     */
    Unit draftOf(Unit unit, int place, int inRun) {
        return unit;
    }

    private void verify(ReplyState.ExitPoint exit, List<Prediction> predictions) {
        List<DraftBuffer.Draft> candidates = drafts.rollBack();
        runEnded = false;
        boolean continues = true;
        int decided = 0;
        for (boolean right = true; right && continues; decided++) {
            Prediction prediction = predictions.get(decided);
            Unit chosen = prediction.choose();
            int draftLayer = 0;
            right = false;
            if (decided < candidates.size()) {
                DraftBuffer.Draft draft = candidates.get(decided);
                reply.counter().addVerified(chosen.equals(draft.chosen()), prediction.natsBelowBest(draft.chosen()));
                right = draft.unit().equals(reply.fedUnit(chosen));
                if (right) {
                    reply.counter().addAccepted(draft.modality());
                    draftLayer = draft.layer();
                }
            }
            continues = reply.commit(chosen, prediction, exit, draftLayer);
        }
        if (continues) removeLast(candidates.size() + 1 - decided);
    }

    /** Removes the positions of rejected drafts. The draft head continues from the state before them. */
    private void removeLast(int wrong) {
        if (hasDraftHead()) {
            ahead = Optional.of(
                    reply.sequence().newestStates(wrong + 1).getFirst().read());
        }
        reply.sequence().rollBack(reply.sequence().length() - wrong);
    }

    private boolean hasDraftHead() {
        return reply.plan().text() instanceof Speculation.DraftHeadPolicy
                || reply.plan().speech() instanceof Speculation.DraftHeadPolicy;
    }

    /** Returns the state from which the draft head continues, or empty if the draft head makes no further draft. */
    Optional<float[]> draftState() {
        boolean may =
                !mayNotDraft() && reply.policy() instanceof Speculation.DraftHeadPolicy draftHead && hasRoom(draftHead);
        return may ? ahead : Optional.empty();
    }

    /** Adds the draft head's prediction to the run as a draft. */
    void draftAhead(float[] next, Prediction prediction) {
        ahead = Optional.of(next);
        draft(reply.model().layers(), prediction, false);
        feed();
    }
}
