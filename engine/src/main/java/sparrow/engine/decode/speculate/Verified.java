package sparrow.engine.decode.speculate;

import java.util.List;
import java.util.Optional;
import sparrow.engine.decode.Commitment;
import sparrow.engine.decode.DecodeState;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.Exit;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.exit.Speculation;
import sparrow.engine.exit.Verification;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;
import sparrow.engine.sample.Prediction;
import sparrow.engine.unit.OutputHead;

/**
 * Commits to units that full depth has chosen ({@link Verification#EXACT}). Early units are drafts: they are fed as they come, and the
 * reply does not have them. The next position of full depth decides all of them again: as long as full depth chooses the draft, it
 * is a step of the reply; its first other choice is a step in place of the draft, and the positions behind it leave the sequence.
 */
final class Verified implements Commitment {
    private final DecodeState state;
    private final DraftVerdicts verdicts;
    private final EarlyUnits early;

    /** True if the row of drafts ends with the last one. */
    private boolean rowEnded;

    /** The state that the draft head goes on from: that of layer L behind the last step, then its own. */
    private Optional<float[]> ahead = Optional.empty();

    Verified(DecodeState state, DraftVerdicts verdicts) {
        this.state = state;
        this.verdicts = verdicts;
        this.early = new EarlyUnits(state);
    }

    @Override
    public void feed() {
        state.feed();
    }

    /** A draft leaves early; the position behind a row of drafts is full. */
    @Override
    public List<Exit> exits() {
        int layers = state.model().layers();
        List<Exit> full = List.of(Exit.always(layers));
        if (early.isFull() || mayNotDraft()) return full;
        return switch (policy(state.modality())) {
            case ExitPolicy exits -> exits.exits(state.chunkPosition(), layers);
            case Speculation.SelfDraft own -> hasRoom(own) ? List.of(Exit.always(own.layer())) : full;
            case Speculation.HeadDraft own -> full;
        };
    }

    private DepthPolicy policy(Modality modality) {
        return state.plan().policy(modality);
    }

    /** A draft is followed by the position that confirms it, which decides a unit too. */
    private boolean mayNotDraft() {
        return rowEnded
                || state.count() + 1 >= state.limits().newTokens()
                || state.sequence().room() < 1;
    }

    /** True if a row of this policy's drafts takes another one. */
    private boolean hasRoom(Speculation own) {
        return early.isEmpty()
                || early.count() < own.most() && own.equals(policy(early.last().modality()));
    }

    @Override
    public List<OutputHead.Query> queries(int layer) {
        return isFull(layer) && !early.isEmpty() ? early.queries() : List.of(state.query());
    }

    private boolean isFull(int layer) {
        return layer == state.model().layers();
    }

    @Override
    public void commit(int layer, List<Prediction> predictions, Committed reply) {
        if (isFull(layer)) verify(predictions, reply);
        else draft(layer, predictions.getLast(), isUnsure(predictions.getLast()));
    }

    private boolean isUnsure(Prediction prediction) {
        return policy(state.modality()) instanceof Speculation.SelfDraft own
                && own.nats() < Double.POSITIVE_INFINITY
                && prediction.entropy() >= own.nats();
    }

    private void draft(int layer, Prediction prediction, boolean last) {
        Unit chosen = prediction.choose();
        Unit unit = verdicts.draft(state.count(), early.count() + 1, state.forced(chosen));
        state.counter().drafted(state.modality());
        early.add(chosen, unit, layer);
        state.accept(unit);
        rowEnded = last
                || state.model().units().isEnd(unit)
                || state.model().units().isTurn(unit);
    }

    private void verify(List<Prediction> predictions, Committed reply) {
        List<EarlyUnits.Early> drafts = early.takeBack();
        rowEnded = false;
        int first = state.sequence().length() - 1 - drafts.size();
        boolean goesOn = true;
        int decided = 0;
        for (boolean right = true; right && goesOn; decided++) {
            Prediction prediction = predictions.get(decided);
            Unit chosen = prediction.choose();
            Unit unit = state.forced(chosen);
            int draftLayer = 0;
            right = false;
            if (decided < drafts.size()) {
                EarlyUnits.Early draft = drafts.get(decided);
                state.counter().verified(chosen.equals(draft.chosen()), prediction.natsBelowBest(draft.chosen()));
                right = draft.unit().equals(unit);
                if (right) {
                    state.counter().confirmed(draft.modality());
                    draftLayer = draft.layer();
                }
            }
            goesOn = reply.commit(chosen, unit, draftLayer, first + decided);
        }
        if (goesOn) takeBack(drafts.size() + 1 - decided);
    }

    /** Takes back so many positions at the end, at which wrong drafts stand; the state before them is the draft head's next. */
    private void takeBack(int wrong) {
        if (looksAhead()) {
            ahead = Optional.of(state.sequence().newest(wrong + 1).getFirst().read());
        }
        state.sequence().takeBack(state.sequence().length() - wrong);
    }

    private boolean looksAhead() {
        return state.plan().text() instanceof Speculation.HeadDraft
                || state.plan().speech() instanceof Speculation.HeadDraft;
    }

    /** The state from which the draft head drafts behind the newest position; empty where it does not. */
    Optional<float[]> draftState() {
        if (mayNotDraft() || !(policy(state.modality()) instanceof Speculation.HeadDraft own)) return Optional.empty();
        return hasRoom(own) ? ahead : Optional.empty();
    }

    DecodeState state() {
        return state;
    }

    /** Takes a unit of the draft head, which is fed at once. */
    void draftAhead(float[] next, Prediction prediction) {
        ahead = Optional.of(next);
        draft(state.model().layers(), prediction, false);
        feed();
    }
}
