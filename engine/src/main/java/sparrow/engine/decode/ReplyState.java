package sparrow.engine.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.SpeechLogits;
import sparrow.engine.head.OutputHead;
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
 * The state of one reply: the committed steps, and the accepted units. Accepted units that are not committed are
 * drafts, which a {@link DecodingStrategy} may roll back to a {@link Checkpoint}. A unit is fed as one position, which
 * decides the next unit.
 *
 * <p>For one thread at a time.
 */
public final class ReplyState {
    private final LanguageModel model;
    private final GenerationConfig config;
    private final Sequence sequence;
    private final List<Unit> forced;
    private final Sampler sampler;
    private final Optional<LoopDetector> loops;
    private final ComputeStats.Counter counter = new ComputeStats.Counter();

    /** Number of positions of the sequence after the prompt is prefilled. */
    private final int promptEnd;

    private final List<Step> steps = new ArrayList<>();
    private Optional<Runaway> runaway = Optional.empty();
    private Optional<StopReason> stop = Optional.empty();
    private long lastStepNanos = System.nanoTime();

    private InterleaveTracker tracker;
    private Unit last;
    private int accepted;

    /**
     * A state to roll back to.
     *
     * @param tracker modality and chunk position of the next unit
     * @param seen mark of the sampler
     * @param last last accepted unit
     * @param accepted number of accepted units
     */
    public record Checkpoint(InterleaveTracker tracker, int seen, Unit last, int accepted) {}

    /**
     * The exit that a position has taken.
     *
     * @param layer from 1 to L
     * @param entropy entropy of the head of the last conditional exit, in nats; NaN if there was none
     */
    public record ExitPoint(int layer, double entropy) {}

    ReplyState(LanguageModel model, Request request, GenerationConfig config) {
        this.model = model;
        this.config = config;
        this.sequence = request.sequence();
        this.forced = request.forced();
        this.promptEnd = sequence.listLength() + request.prompt().length - request.held();
        this.loops = config.limits().loops().map(rule -> new LoopDetector(rule, model.tokens(), model.characters()));
        this.sampler = new Sampler(
                config.sampling().stream(request.stream()), model.tokens().usable(), sequence.ids());
        for (int token : request.prompt()) sampler.observe(token);
        int lastPromptToken = request.prompt()[request.prompt().length - 1];
        this.tracker = model.units().newTracker(lastPromptToken);
        this.last = new Unit.Token(lastPromptToken);
    }

    /** The model that decodes the reply. */
    public LanguageModel model() {
        return model;
    }

    /** The exit plan of the reply. */
    public ExitPlan plan() {
        return config.plan();
    }

    /** The limits of the reply. */
    public Limits limits() {
        return config.limits();
    }

    /** The sequence that the reply continues. */
    public Sequence sequence() {
        return sequence;
    }

    /** The counter of the computation of the reply. */
    public ComputeStats.Counter counter() {
        return counter;
    }

    /** Expected modality of the next unit. */
    public Modality modality() {
        return tracker.modality();
    }

    /** Position of the next unit in its chunk, from 1. */
    public int chunkPosition() {
        return tracker.chunkPosition();
    }

    /** The depth policy of the next unit. */
    public DepthPolicy policy() {
        return config.plan().policy(modality());
    }

    /** The last accepted unit; at the beginning, the last token of the prompt. */
    public Unit last() {
        return last;
    }

    /** Number of accepted units. */
    public int accepted() {
        return accepted;
    }

    /** Returns a query for the newest position. */
    public OutputHead.Query query() {
        return query(sequence.newest(), modality(), isSpeechOnly(), sequence.length() - 1);
    }

    /**
     * Returns a query for a position.
     *
     * @param position index in the sequence
     */
    public OutputHead.Query query(HiddenState state, Modality modality, boolean speechOnly, int position) {
        return new OutputHead.Query(state, modality, speechOnly, sampler, position);
    }

    /** True if the head of layer L may choose only speech at the newest position. */
    public boolean isSpeechOnly() {
        return config.plan().speechLogits() == SpeechLogits.SPEECH && modality() == Modality.SPEECH;
    }

    /** Returns the unit to feed after a choice: the forced unit under teacher forcing, otherwise the choice. */
    public Unit unitAfter(Unit chosen) {
        return unitAfter(accepted, chosen);
    }

    private Unit unitAfter(int at, Unit chosen) {
        return at < forced.size() ? forced.get(at) : chosen;
    }

    /** Accepts the next unit without committing it. */
    public void accept(Unit unit) {
        if (unit instanceof Unit.Token(int id)) sampler.observe(id);
        tracker = tracker.accept(unit);
        last = unit;
        accepted++;
    }

    /** Appends the last accepted unit to the sequence; its position decides the next unit. */
    public void feed() {
        sequence.append(model.units().input(last));
    }

    /** True if the last accepted unit has no position yet. */
    boolean hasUnfedUnit() {
        return sequence.length() < promptEnd + accepted;
    }

    /** Returns the current state, for {@link #rollBack}. */
    public Checkpoint checkpoint() {
        return new Checkpoint(tracker, sampler.mark(), last, accepted);
    }

    /** Returns to an earlier state. */
    public void rollBack(Checkpoint checkpoint) {
        tracker = checkpoint.tracker;
        sampler.rollBack(checkpoint.seen);
        last = checkpoint.last;
        accepted = checkpoint.accepted;
    }

    /**
     * Commits a unit as the next step and accepts it. If it ends the reply, later positions are removed from the
     * sequence.
     *
     * @param chosen unit that the head chose; teacher forcing may accept another one in its place
     * @param exit exit of the position that decided the unit
     * @param draftLayer layer whose head drafted the unit; 0 if it was not drafted
     * @return true if the reply continues
     */
    public boolean commit(Unit chosen, ExitPoint exit, int draftLayer) {
        long now = System.nanoTime();
        steps.add(new Step(
                chosen, modality(), chunkPosition(), exit.layer(), draftLayer, exit.entropy(), now - lastStepNanos));
        lastStepNanos = now;
        Unit unit = unitAfter(chosen);
        accept(unit);
        stopReason(unit).ifPresent(this::end);
        return !hasEnded();
    }

    /** The reason why the reply ends with a unit, if it does. */
    private Optional<StopReason> stopReason(Unit unit) {
        if (model.units().isEnd(unit)) return Optional.of(StopReason.END_TOKEN);
        runaway = loops.flatMap(detector -> detector.accept(unit, tracker.speechTail() > 0));
        if (runaway.isPresent()) return Optional.of(StopReason.RUNAWAY);
        if (steps.size() >= limits().newTokens()) return Optional.of(StopReason.NEW_TOKENS);
        if (tracker.speechTail() >= limits().speechTail()) return Optional.of(StopReason.SPEECH_TAIL);
        boolean full = committedPositions() >= model.transformer().config().contextLength();
        return full ? Optional.of(StopReason.CONTEXT_FULL) : Optional.empty();
    }

    /** Number of positions of the sequence up to the one that decided the last step. */
    private int committedPositions() {
        return promptEnd + steps.size() - 1;
    }

    /**
     * Ends the reply; has no effect if it has ended. The sequence retains the positions up to the one that decided the
     * last step. The last unit has no position; unless it is an end token, it is added to the token list.
     */
    void end(StopReason reason) {
        if (hasEnded()) return;
        if (!steps.isEmpty()) {
            sequence.rollBack(committedPositions());
            Unit unit = unitAfter(steps.size() - 1, steps.getLast().unit());
            if (reason != StopReason.END_TOKEN) sequence.addUnfed(model.units().input(unit));
        }
        stop = Optional.of(reason);
        sequence.endReply();
    }

    boolean hasEnded() {
        return stop.isPresent();
    }

    /** The committed steps. */
    List<Step> steps() {
        return steps;
    }

    /**
     * The reply.
     *
     * @throws IllegalStateException if it has not ended
     */
    Reply reply() {
        StopReason reason = stop.orElseThrow(() -> new IllegalStateException("the reply has not ended"));
        return new Reply(steps, reason, runaway, counter.stats(), counter.agreement());
    }
}
