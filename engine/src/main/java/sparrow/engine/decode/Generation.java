package sparrow.engine.decode;

import java.util.List;
import java.util.Optional;
import sparrow.engine.exit.Exit;
import sparrow.engine.exit.SkippedKv;
import sparrow.engine.head.OutputHead;
import sparrow.engine.head.Prediction;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.Step;
import sparrow.engine.reply.StopReason;
import sparrow.engine.transformer.Position;

/**
 * A reply in the batch of a {@link Decoder}. After its prompt is prefilled, each unit is decided by a position that
 * climbs the layers from exit to exit.
 */
public final class Generation {
    private final Request request;
    private final ReplyState state;
    private final DecodingStrategy strategy;

    /** Number of positions of the prompt that are in the sequence. */
    private int prefilled;

    /** Number of steps of which the listener has been notified. */
    private int notified;

    /** The climb of the newest position; empty once it has exited. */
    private Optional<Climb> climb = Optional.empty();

    /**
     * @throws IllegalArgumentException if the plan or the sequence does not suit the model, the prompt or the forced
     *     units contain an unknown token or unit, or the prompt does not fit the context
     * @throws IllegalStateException if another reply of the sequence has not ended
     */
    Generation(LanguageModel model, Request request, GenerationConfig config, DecodingStrategy.Factory strategies) {
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
        this.state = new ReplyState(model, request, config);
        this.strategy = strategies.create(state);
        request.sequence().beginReply(model.transformer());
        this.prefilled = request.held();
    }

    /** The sequence that the reply continues. */
    public Sequence sequence() {
        return request.sequence();
    }

    /** True if the whole prompt is in the sequence, so that units can be decided. */
    public boolean isPrefilled() {
        return promptLeft() == 0;
    }

    /** Number of positions of the prompt that are not prefilled yet. */
    public int promptLeft() {
        return request.prompt().length - prefilled;
    }

    /** True if the reply has ended. */
    public boolean hasEnded() {
        return state.hasEnded();
    }

    /** Number of units decided so far. */
    public int steps() {
        return state.steps().size();
    }

    /**
     * The reply.
     *
     * @throws IllegalStateException if it has not ended
     */
    public Reply reply() {
        return state.reply();
    }

    DecodingStrategy strategy() {
        return strategy;
    }

    /**
     * Runs the next positions of the prompt, and earlier pending positions, through all layers. No head predicts.
     *
     * @param maximum maximum number of positions of the prompt, at least one
     * @return the number of positions of the prompt
     */
    int prefill(int maximum) {
        int count = feedPrompt(maximum);
        sequence().runPending();
        return count;
    }

    /** Appends the next positions of the prompt as pending positions, and returns their number. */
    int feedPrompt(int maximum) {
        int end = prefilled + Math.min(promptLeft(), maximum);
        int count = end - prefilled;
        for (; prefilled < end; prefilled++) sequence().append(request.prompt(), request.embeddings(), prefilled);
        return count;
    }

    /** True if the last unit has no position yet. */
    boolean hasUnfedUnit() {
        return state.hasUnfedUnit();
    }

    /** Starts the climb of the newest position. After a failed step, the climb continues where it stopped. */
    void beginClimb() {
        if (isClimbing()) return;
        // The last position of the prompt decides the first unit. It has already gone through all layers.
        boolean first = state.steps().isEmpty();
        int layers = state.model().layers();
        if (first) state.counter().addPositionLayers(state.modality(), layers);
        List<Exit> exits = first ? List.of(Exit.always(layers)) : strategy.exits();
        climb = Optional.of(new Climb(exits, sequence()));
    }

    boolean isClimbing() {
        return climb.isPresent();
    }

    /** The layer of the climbing position's next exit. */
    int nextExitLayer() {
        return climb.orElseThrow().exit().layer();
    }

    SkippedKv skippedKv() {
        return state.plan().skippedKv();
    }

    /** The positions for which the head of the next exit predicts. */
    List<OutputHead.Query> queries() {
        return strategy.queries(nextExitLayer());
    }

    /**
     * Called at an exit: the newest position exits, or continues to its next exit.
     *
     * @param predictions one for each of {@link #queries}
     */
    void exitOrContinue(List<Prediction> predictions) {
        Climb current = climb.orElseThrow();
        if (!current.takeOrPassExit(predictions.getLast())) return;
        climb = Optional.empty();
        ReplyState.ExitPoint exit = new ReplyState.ExitPoint(current.exit().layer(), current.entropy);
        state.counter().addExit(state.modality(), exit.layer());
        state.counter().addPositionLayers(state.modality(), current.positionLayers());
        strategy.commit(exit, predictions);
        if (Thread.currentThread().isInterrupted()) end(StopReason.INTERRUPTED);
    }

    /** Notifies the listener of new steps. */
    void notifyListener() {
        List<Step> steps = state.steps();
        while (notified < steps.size()) request.listener().accept(steps.get(notified++));
    }

    /** Ends the reply; has no effect if it has ended. */
    void end(StopReason reason) {
        state.end(reason);
    }

    /**
     * The climb of the newest position from exit to exit. Pending positions of its sequence run with it (section
     * 4.2.3).
     */
    private static final class Climb {
        private final List<Exit> exits;
        private final List<Position> positions;
        private final long startDepths;
        private int passed;

        /** Entropy of the head of the last conditional exit, in nats; NaN if there was none. */
        private double entropy = Double.NaN;

        Climb(List<Exit> exits, Sequence sequence) {
            this.exits = exits;
            this.positions = sequence.pendingBelow(exits.getLast().layer());
            this.startDepths = depths();
        }

        /** The next exit, or the exit that the position has taken. */
        Exit exit() {
            return exits.get(passed);
        }

        /**
         * Takes the next exit, or passes it. Returns true if the exit is taken: it is unconditional, or the entropy is
         * below the threshold (section 5.2).
         */
        boolean takeOrPassExit(Prediction prediction) {
            if (!exit().isConditional()) return true;
            entropy = prediction.entropy();
            if (entropy < exit().maxEntropy()) return true;
            passed++;
            return false;
        }

        /** Number of layers since the start of the climb, summed over positions. */
        long positionLayers() {
            return depths() - startDepths;
        }

        private long depths() {
            return positions.stream().mapToLong(Position::depth).sum();
        }
    }
}
