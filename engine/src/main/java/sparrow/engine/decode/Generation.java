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
 * A reply in a {@link Decoder}'s batch. After its prompt is prefilled, each unit is decided by a position that moves up
 * the layers from exit to exit.
 */
public final class Generation {
    private final Request request;
    private final ReplyState state;
    private final DecodingStrategy strategy;

    /** Number of prompt positions that are in the sequence. */
    private int prefilled;

    /** Number of steps already reported to the listener. */
    private int notified;

    /** The climb of the newest position, or empty if the position has exited. */
    private Optional<Climb> climb = Optional.empty();

    /**
     * @throws IllegalArgumentException if the model does not support the plan or the sequence, if the prompt or the
     *     forced units contain an unknown token or unit, or if the prompt does not fit in the context
     * @throws IllegalStateException if another reply of the sequence has not ended
     */
    Generation(LanguageModel model, Request request, GenerationConfig config, DecodingStrategy.Factory strategies) {
        model.check(config.plan());
        int added = request.prompt().length - request.held();
        if (added >= request.sequence().room()) {
            throw new IllegalArgumentException(
                    "prompt: " + added + " tokens do not fit into the context, which has room for "
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

    /** Returns the sequence that the reply continues. */
    public Sequence sequence() {
        return request.sequence();
    }

    /** Returns whether the entire prompt is in the sequence, so that units can be decided. */
    public boolean isPrefilled() {
        return promptLeft() == 0;
    }

    /** Returns the number of prompt positions that are not prefilled yet. */
    public int promptLeft() {
        return request.prompt().length - prefilled;
    }

    /** Returns whether the reply has ended. */
    public boolean hasEnded() {
        return state.hasEnded();
    }

    /** Returns the number of units decided so far. */
    public int steps() {
        return state.steps().size();
    }

    /**
     * Returns the reply.
     *
     * @throws IllegalStateException if the reply has not ended
     */
    public Reply reply() {
        return state.reply();
    }

    DecodingStrategy strategy() {
        return strategy;
    }

    /**
     * Runs the next prompt positions and earlier pending positions through all layers without predictions.
     *
     * @param maximum maximum number of prompt positions, at least 1
     * @return number of prompt positions
     */
    int prefill(int maximum) {
        int count = feedPrompt(maximum);
        sequence().runPending();
        return count;
    }

    /** Appends the next prompt positions as pending positions and returns their number. */
    int feedPrompt(int maximum) {
        int end = prefilled + Math.min(promptLeft(), maximum);
        int count = end - prefilled;
        for (; prefilled < end; prefilled++) sequence().append(request.prompt(), request.embeddings(), prefilled);
        return count;
    }

    /** Returns whether the last unit has no position yet. */
    boolean hasUnfedUnit() {
        return state.hasUnfedUnit();
    }

    /** Starts the climb of the newest position. After a failed step, the climb continues where it stopped. */
    void beginClimb() {
        if (isClimbing()) return;
        // The last prompt position decides the first unit. It has already passed through all layers.
        boolean first = state.steps().isEmpty();
        int layers = state.model().layers();
        if (first) state.counter().addPositionLayers(state.modality(), layers);
        List<Exit> exits = first ? List.of(Exit.always(layers)) : strategy.exits();
        climb = Optional.of(new Climb(exits, sequence()));
    }

    boolean isClimbing() {
        return climb.isPresent();
    }

    /** Returns the layer of the climbing position's next exit. */
    int nextExitLayer() {
        return climb.orElseThrow().exit().layer();
    }

    SkippedKv skippedKv() {
        return state.plan().skippedKv();
    }

    /** Returns the positions for which the next exit's head makes predictions. */
    List<OutputHead.Query> queries() {
        return strategy.queries(nextExitLayer());
    }

    /**
     * Lets the newest position exit or continue to its next exit. This method is called at an exit.
     *
     * @param predictions one prediction for each of {@link #queries}
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

    /** Ends the reply. This method has no effect if the reply has already ended. */
    void end(StopReason reason) {
        state.end(reason);
    }

    /**
     * The path of the newest position from exit to exit. Pending positions in its sequence run together with it
     * (section 4.2.3).
     */
    private static final class Climb {
        private final List<Exit> exits;
        private final List<Position> positions;
        private final long startDepths;
        private int passed;

        /**
         * Entropy computed by the head of the last conditional exit, in nats, or NaN if there was no conditional exit.
         */
        private double entropy = Double.NaN;

        Climb(List<Exit> exits, Sequence sequence) {
            this.exits = exits;
            this.positions = sequence.pendingBelow(exits.getLast().layer());
            this.startDepths = depths();
        }

        /** Returns the next exit, or the exit that the position has taken. */
        Exit exit() {
            return exits.get(passed);
        }

        /**
         * Takes or passes the next exit. Returns true if the exit is taken because it is unconditional or the entropy
         * is below the threshold (section 5.2).
         */
        boolean takeOrPassExit(Prediction prediction) {
            if (!exit().isConditional()) return true;
            entropy = prediction.entropy();
            if (entropy < exit().maxEntropy()) return true;
            passed++;
            return false;
        }

        /** Returns the number of layers run since the start of the climb, summed over positions. */
        long positionLayers() {
            return depths() - startDepths;
        }

        private long depths() {
            return positions.stream().mapToLong(Position::depth).sum();
        }
    }
}
