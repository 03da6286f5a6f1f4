package sparrow.engine.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sparrow.engine.exit.Exit;
import sparrow.engine.exit.SkippedKv;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.Runaway;
import sparrow.engine.reply.Step;
import sparrow.engine.reply.StopReason;
import sparrow.engine.sample.Prediction;
import sparrow.engine.unit.OutputHead;

/**
 * One reply on its way: its prompt is prefilled, then a position climbs the layers for every unit. Admitted to a {@link Decoder},
 * which drives it.
 */
public final class Generation {
    private final Request request;
    private final DecodeState state;
    private final Commitment commitment;
    private final Optional<LoopDetector> loops;
    private final List<Step> steps = new ArrayList<>();

    /** Positions of the prompt that are in the sequence. */
    private int fed;

    /** Positions of the sequence up to the one that decided the last step. */
    private int committed;

    /** The unit behind the last step: another one than it chose under teacher forcing. */
    private Unit last;

    private int told;
    private Optional<Runaway> runaway = Optional.empty();
    private Optional<StopReason> stop = Optional.empty();
    private long since = System.nanoTime();

    /** That of the newest position, until it has left. */
    private Optional<Climb> climb = Optional.empty();

    /**
     * @throws IllegalArgumentException if plan or sequence do not suit the model, the prompt or the forced units hold an
     *     unknown one, or the prompt does not fit the context
     * @throws IllegalStateException if the sequence has another reply under way
     */
    Generation(LanguageModel model, Request request, GenerationConfig config, Commitment.Factory commitments) {
        model.check(config.plan());
        int added = request.prompt().length - request.held();
        if (added >= request.sequence().room()) {
            throw new IllegalArgumentException(
                    "prompt: " + added + " tokens do not fit the context, which has room for "
                            + request.sequence().room());
        }
        for (int token : request.prompt()) model.transformer().checkToken(token);
        for (Unit unit : request.forced()) model.units().input(unit);
        this.request = request;
        this.state = new DecodeState(model, request, config);
        this.commitment = commitments.begin(state);
        this.loops = config.limits().loops().map(rule -> new LoopDetector(rule, model.tokens(), model.characters()));
        request.sequence().beginReply(model.transformer());
        this.fed = request.held();
    }

    /** The sequence that is continued. */
    public Sequence sequence() {
        return request.sequence();
    }

    /** True if the prompt is through all layers, so that units are decided. */
    public boolean isPrefilled() {
        return promptLeft() == 0;
    }

    /** Positions of the prompt that are still to be carried through the layers. */
    public int promptLeft() {
        return request.prompt().length - fed;
    }

    /** True if the reply has ended. */
    public boolean hasEnded() {
        return stop.isPresent();
    }

    /** Units decided so far. */
    public int steps() {
        return steps.size();
    }

    /**
     * The reply.
     *
     * @throws IllegalStateException if it has not ended
     */
    public Reply reply() {
        StopReason reason = stop.orElseThrow(
                () -> new IllegalStateException("the reply is still under way; expected it to have ended"));
        return new Reply(
                steps, reason, runaway, state.counter().stats(), state.counter().agreement());
    }

    Commitment commitment() {
        return commitment;
    }

    /**
     * Carries the next positions of the prompt, and the pending ones before them, through all layers. No head is asked.
     *
     * @param most positions, at least one
     * @return how many there were
     */
    int prefill(int most) {
        int count = feedPrompt(most);
        sequence().carry();
        return count;
    }

    /** Appends the next positions of the prompt, which a pass is to carry then. */
    int feedPrompt(int most) {
        int end = fed + Math.min(promptLeft(), most);
        int count = end - fed;
        for (; fed < end; fed++) sequence().append(request.prompt(), request.embeddings(), fed);
        return count;
    }

    /** True if the last unit has no position yet. */
    boolean hasUnfedUnit() {
        return !state.isFed();
    }

    /** The newest position begins to climb. A step that an exception ended goes on where it was. */
    void beginClimb() {
        if (isClimbing()) return;
        // The first unit is decided by the prompt's last position, whose layers ran with the prompt.
        boolean first = steps.isEmpty();
        int layers = state.model().layers();
        if (first) state.counter().carried(state.modality(), layers);
        List<Exit> exits = first ? List.of(Exit.always(layers)) : commitment.exits();
        climb = Optional.of(new Climb(exits, sequence()));
    }

    boolean isClimbing() {
        return climb.isPresent();
    }

    /** The exit that the climbing position comes to next. */
    Exit exit() {
        return climb.orElseThrow().exit();
    }

    SkippedKv skippedKv() {
        return state.plan().skippedKv();
    }

    /** The positions that the head of the next exit is asked about. */
    List<OutputHead.Query> queries() {
        return commitment.queries(exit().layer());
    }

    /**
     * At an exit: leaves, or is too unsure and climbs on (4.2.2).
     *
     * @param predictions one for each of {@link #queries}
     */
    void leaveOrClimbOn(List<Prediction> predictions) {
        Climb left = climb.orElseThrow();
        if (!left.leaves(predictions.getLast())) return;
        climb = Optional.empty();
        int layer = left.exit().layer();
        state.counter().passed(state.modality(), layer);
        state.counter().carried(state.modality(), left.positionLayers());
        commitment.commit(
                layer,
                predictions,
                (chosen, unit, draftLayer, position) -> commit(left, chosen, unit, draftLayer, position));
        if (Thread.currentThread().isInterrupted()) end(StopReason.INTERRUPTED);
    }

    private boolean commit(Climb left, Unit chosen, Unit unit, int draftLayer, int position) {
        long now = System.nanoTime();
        steps.add(new Step(
                chosen,
                state.modality(),
                state.chunkPosition(),
                left.exit().layer(),
                draftLayer,
                left.entropy(),
                now - since));
        since = now;
        state.accept(unit);
        committed = position + 1;
        last = unit;
        stopReason(unit).ifPresent(this::end);
        return !hasEnded();
    }

    /** The bound that a unit has reached, if the reply ends with it. */
    private Optional<StopReason> stopReason(Unit unit) {
        if (state.model().units().isEnd(unit)) return Optional.of(StopReason.END_TOKEN);
        runaway = loops.flatMap(detector -> detector.accept(unit, state.speechTail() > 0));
        if (runaway.isPresent()) return Optional.of(StopReason.RUNAWAY);
        if (steps.size() >= state.limits().newTokens()) return Optional.of(StopReason.NEW_TOKENS);
        if (state.speechTail() >= state.limits().speechTail()) return Optional.of(StopReason.SPEECH_TAIL);
        boolean full = committed >= state.model().transformer().config().contextLength();
        return full ? Optional.of(StopReason.CONTEXT_FULL) : Optional.empty();
    }

    /** Tells the listener of the units that it has not been told of. */
    void tell() {
        while (told < steps.size()) request.listener().accept(steps.get(told++));
    }

    /**
     * Ends the reply; nothing happens if it has ended. Positions behind the one that decided the last unit leave the sequence: that unit
     * then has no position, and belongs to the sequence unless it is an end token.
     */
    void end(StopReason reason) {
        if (hasEnded()) return;
        if (!steps.isEmpty()) {
            sequence().takeBack(committed);
            if (reason != StopReason.END_TOKEN)
                sequence().addUnfed(state.model().units().input(last));
        }
        stop = Optional.of(reason);
        sequence().endReply();
    }
}
