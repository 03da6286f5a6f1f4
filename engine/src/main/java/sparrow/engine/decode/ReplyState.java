package sparrow.engine.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.SpeechLogits;
import sparrow.engine.head.OutputHead;
import sparrow.engine.head.Prediction;
import sparrow.engine.head.Sampler;
import sparrow.engine.interleave.InterleaveTracker;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.ComputeStats;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.Runaway;
import sparrow.engine.reply.Step;
import sparrow.engine.reply.StopReason;
import sparrow.engine.transformer.HiddenState;

/**
 * The state of one reply, consisting of committed steps and accepted units. Accepted units that are not committed are
 * drafts. A {@link DecodingStrategy} may remove them by rolling back to a {@link Checkpoint}. A unit is fed as one
 * position, which decides the next unit.
 *
 * <p>Instances must be used by one thread at a time.
 */
public final class ReplyState {
    private final LanguageModel model;
    private final GenerationConfig config;
    private final Sequence sequence;
    private final List<Unit> forced;
    private final Sampler sampler;
    private final boolean probabilities;
    private final Optional<LoopDetector> loops;
    private final ComputeStats.Counter counter = new ComputeStats.Counter();

    /** Number of positions in the sequence after the prompt is prefilled. */
    private final int promptEnd;

    private final List<Step> steps = new ArrayList<>();
    private Optional<Runaway> runaway = Optional.empty();
    private Optional<StopReason> stop = Optional.empty();
    private long lastStepNanos = System.nanoTime();

    private InterleaveTracker tracker;
    private Unit last;
    private int accepted;

    /**
     * A state of the reply that can be restored.
     *
     * @param tracker modality and chunk position of the next unit
     * @param mark sampler mark
     * @param last last accepted unit
     * @param accepted number of accepted units
     */
    public record Checkpoint(InterleaveTracker tracker, Sampler.Mark mark, Unit last, int accepted) {}

    /**
     * The exit that a position has taken.
     *
     * @param layer layer from 1 to L
     * @param entropy entropy computed by the head of the last conditional exit, in nats, or NaN if there was no
     *     conditional exit
     */
    public record ExitPoint(int layer, double entropy) {}

    ReplyState(LanguageModel model, Request request, GenerationConfig config) {
        this.model = model;
        this.config = config;
        this.sequence = request.sequence();
        this.forced = request.forced();
        this.probabilities = request.probabilities();
        this.promptEnd = sequence.listLength() + request.prompt().length - request.held();
        this.loops = config.limits().loops().map(rule -> new LoopDetector(rule, model.tokens(), model.characters()));
        this.sampler = new Sampler(
                config.sampling().stream(request.stream()), model.tokens().usable(), sequence.ids());
        for (int token : request.prompt()) sampler.observe(token);
        int lastPromptToken = request.prompt()[request.prompt().length - 1];
        this.tracker = model.units().newTracker(lastPromptToken);
        this.last = new Unit.Token(lastPromptToken);
    }

    /** Returns the model that decodes the reply. */
    public LanguageModel model() {
        return model;
    }

    /** Returns the reply's exit plan. */
    public ExitPlan plan() {
        return config.plan();
    }

    /** Returns the reply's limits. */
    public Limits limits() {
        return config.limits();
    }

    /** Returns the sequence that the reply continues. */
    public Sequence sequence() {
        return sequence;
    }

    /** Returns the counter of the reply's computation. */
    public ComputeStats.Counter counter() {
        return counter;
    }

    /** Returns the expected modality of the next unit. */
    public Modality modality() {
        return tracker.modality();
    }

    /** Returns the position of the next unit in its chunk, counted from 1. */
    public int chunkPosition() {
        return tracker.chunkPosition();
    }

    /** Returns the depth policy for the next unit. */
    public DepthPolicy policy() {
        return config.plan().policy(modality());
    }

    /** Returns the last accepted unit. Initially, this is the last token of the prompt. */
    public Unit last() {
        return last;
    }

    /** Returns the number of accepted units. */
    public int accepted() {
        return accepted;
    }

    /** Returns a query for the newest position. */
    public OutputHead.Query query() {
        return query(sequence.newest(), modality(), isSpeechOnly(), sequence.length() - 1);
    }

    /**
     * Returns a query for the prediction at a position.
     *
     * @param position index of the position in the sequence
     */
    public OutputHead.Query query(HiddenState state, Modality modality, boolean speechOnly, int position) {
        return new OutputHead.Query(state, modality, speechOnly, sampler, position);
    }

    /** Returns whether layer L's head may choose only speech at the newest position. */
    public boolean isSpeechOnly() {
        return config.plan().speechLogits() == SpeechLogits.SPEECH && modality() == Modality.SPEECH;
    }

    /**
     * Returns the unit to feed after a choice. Under teacher forcing, this is the forced unit; otherwise, it is the
     * choice.
     */
    public Unit fedUnit(Unit chosen) {
        return fedUnit(accepted, chosen);
    }

    private Unit fedUnit(int at, Unit chosen) {
        return at < forced.size() ? forced.get(at) : chosen;
    }

    /** Accepts the next unit without committing it. */
    public void accept(Unit unit) {
        switch (unit) {
            case Unit.Token(int id) -> sampler.observe(id);
            case Unit.Frame _ -> {
                int[] codes = model.units().codes(unit);
                if (codes.length > 0) sampler.observeFrame(promptEnd + accepted - 1, codes);
            }
        }
        tracker = tracker.accept(unit);
        last = unit;
        accepted++;
    }

    /** Appends the last accepted unit to the sequence as a position, which decides the next unit. */
    public void feed() {
        sequence.append(model.units().input(last));
    }

    /** Returns whether the last accepted unit has no position yet. */
    boolean hasUnfedUnit() {
        return sequence.length() < promptEnd + accepted;
    }

    /** Returns the current state for {@link #rollBack}. */
    public Checkpoint checkpoint() {
        return new Checkpoint(tracker, sampler.mark(), last, accepted);
    }

    /** Restores an earlier state of the reply. */
    public void rollBack(Checkpoint checkpoint) {
        tracker = checkpoint.tracker;
        sampler.rollBack(checkpoint.mark);
        last = checkpoint.last;
        accepted = checkpoint.accepted;
    }

    /**
     * Commits a unit as the next step and accepts it. If the unit ends the reply, later positions are removed from the
     * sequence.
     *
     * @param chosen unit chosen by the head; teacher forcing may accept a different unit instead
     * @param prediction prediction from which the unit was chosen
     * @param exit exit of the position that decided the unit
     * @param draftLayer layer whose head drafted the unit, or 0 if the unit was not drafted
     * @return whether the reply continues
     */
    public boolean commit(Unit chosen, Prediction prediction, ExitPoint exit, int draftLayer) {
        long now = System.nanoTime();
        steps.add(new Step(
                chosen,
                modality(),
                chunkPosition(),
                exit.layer(),
                draftLayer,
                exit.entropy(),
                probability(chosen, prediction),
                now - lastStepNanos));
        lastStepNanos = now;
        Unit unit = fedUnit(chosen);
        accept(unit);
        stopReason(unit).ifPresent(this::end);
        return !hasEnded();
    }

    private double probability(Unit chosen, Prediction prediction) {
        boolean wanted = probabilities && model.units().text(chosen).isPresent();
        return wanted ? prediction.probability(chosen) : Double.NaN;
    }

    /** Returns the reason why a unit ends the reply, or empty if it does not. */
    private Optional<StopReason> stopReason(Unit unit) {
        if (model.units().isEnd(unit) || tracker.hasEnded()) return Optional.of(StopReason.END_TOKEN);
        runaway = loops.flatMap(detector -> detector.accept(unit, tracker.speechTail() > 0));
        if (runaway.isPresent()) return Optional.of(StopReason.RUNAWAY);
        if (steps.size() >= limits().newTokens()) return Optional.of(StopReason.NEW_TOKENS);
        if (tracker.speechTail() >= limits().speechTail()) return Optional.of(StopReason.SPEECH_TAIL);
        boolean full = committedPositions() >= model.transformer().config().contextLength();
        return full ? Optional.of(StopReason.CONTEXT_FULL) : Optional.empty();
    }

    /** Returns the number of positions in the sequence up to and including the position that decided the last step. */
    private int committedPositions() {
        return promptEnd + steps.size() - 1;
    }

    /**
     * Ends the reply. This method has no effect if the reply has already ended. The sequence retains the positions up
     * to and including the position that decided the last step. The last unit has no position; it is added to the token
     * list unless it is an end token.
     */
    void end(StopReason reason) {
        if (hasEnded()) return;
        if (!steps.isEmpty()) {
            sequence.rollBack(committedPositions());
            Unit unit = fedUnit(steps.size() - 1, steps.getLast().unit());
            if (!model.units().isEnd(unit)) sequence.addUnfed(model.units().input(unit));
        }
        stop = Optional.of(reason);
        sequence.endReply();
    }

    boolean hasEnded() {
        return stop.isPresent();
    }

    /** Returns the committed steps. */
    List<Step> steps() {
        return steps;
    }

    /**
     * Returns the reply.
     *
     * @throws IllegalStateException if the reply has not ended
     */
    Reply reply() {
        StopReason reason = stop.orElseThrow(() -> new IllegalStateException("the reply has not ended"));
        return new Reply(steps, reason, runaway, counter.stats(), counter.agreement());
    }
}
