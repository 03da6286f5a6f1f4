package sparrow.engine.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import sparrow.engine.head.OutputHead;
import sparrow.engine.head.Prediction;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.StopReason;
import sparrow.engine.transformer.DamagedWeightsException;
import sparrow.engine.transformer.Position;
import sparrow.engine.transformer.Transformer;

/**
 * Decodes replies with early exit (SPAR-K, section 4). The newest positions of all sequences in the batch run through
 * the layers together. At each exit, the layer's head makes predictions for the positions that may exit there. A
 * position exits, or continues to its next exit if the entropy is too high. A position that exits early remains
 * pending. The next deeper pass of its sequence also runs it through the skipped layers and thereby fills its missing
 * keys and values (section 4.2.3). If the batch fits in a pass ({@link Transformer#PASS_POSITIONS}), a step reads each
 * layer and each head at most once for the entire batch.
 *
 * <p>The batch is open: sequences are {@linkplain #admit admitted} between steps, each with its own configuration, and
 * are removed when their replies end or are {@linkplain #cancel cancelled}. A sequence's reply does not depend on the
 * other sequences.
 *
 * <p>Instances must be used by one thread at a time. Several decoders, each on its own thread, may share a model; in
 * this case, only one pass runs at a time.
 */
public final class Decoder {
    private final LanguageModel model;
    private final GenerationConfig config;
    private final DecodingStrategy.Factory strategies;
    private final int layers;
    private final OutputHead head;
    private final List<Generation> batch = new ArrayList<>();

    /**
     * Creates a decoder with early exit for plans without verification. {@code StrategyFactory.decoder} creates a
     * decoder for any plan.
     *
     * @param config configuration for requests that are admitted without one
     * @throws IllegalArgumentException if the model does not support the plan ({@link LanguageModel#check})
     */
    public Decoder(LanguageModel model, GenerationConfig config) {
        this(model, config, EarlyExitDecoding.FACTORY);
    }

    /**
     * Creates a decoder with custom decoding strategies.
     *
     * @param config configuration for requests that are admitted without one
     * @param strategies factory that creates each reply's strategy
     * @throws IllegalArgumentException if the model does not support the plan ({@link LanguageModel#check})
     */
    public Decoder(LanguageModel model, GenerationConfig config, DecodingStrategy.Factory strategies) {
        model.check(config.plan());
        this.model = model;
        this.config = config;
        this.strategies = strategies;
        this.layers = model.layers();
        this.head = model.units().newHead();
    }

    /** Decodes one reply; see {@link #replies}. */
    public Reply reply(Request request) {
        return replies(List.of(request)).getFirst();
    }

    /**
     * Prefills the prompts at full depth, then decodes all sequences together until every reply has ended.
     *
     * @return replies in request order
     * @throws IllegalArgumentException if a prompt contains an unknown id, or does not fit in the context
     * @throws DamagedWeightsException if logits are NaN or infinite
     */
    public List<Reply> replies(List<Request> requests) {
        List<Generation> all = new ArrayList<>();
        try {
            for (Request request : requests) all.add(admit(request));
            while (prefill(Transformer.PASS_POSITIONS) > 0) {}
            while (!all.stream().allMatch(Generation::hasEnded)) step();
            return all.stream().map(Generation::reply).toList();
        } finally {
            all.forEach(this::cancel);
        }
    }

    /** Adds a sequence to the batch, with the default configuration. */
    public Generation admit(Request request) {
        return admit(request, config);
    }

    /**
     * Adds a sequence to the batch. {@link #prefill} runs the sequence's prompt.
     *
     * @throws IllegalArgumentException if the model does not support the plan or the sequence, if the prompt or the
     *     forced units contain an unknown token or unit, or if the prompt does not fit in the context
     * @throws IllegalStateException if another reply of the sequence has not ended
     */
    public Generation admit(Request request, GenerationConfig requestConfig) {
        return admit(request, requestConfig, model);
    }

    /**
     * Adds a sequence whose text and speech follow a different interleaving pattern.
     *
     * @param task model with the same layers and heads, and with the units of that pattern
     * @throws IllegalArgumentException as in {@link #admit(Request, GenerationConfig)}, or if the layers differ
     */
    public Generation admit(Request request, GenerationConfig requestConfig, LanguageModel task) {
        if (task.transformer() != model.transformer()) {
            throw new IllegalArgumentException(
                    "task: expected a model with this decoder's layers, got a model with different layers");
        }
        Generation generation = new Generation(task, request, requestConfig, strategies);
        batch.add(generation);
        return generation;
    }

    /**
     * Removes a sequence from the batch and ends its reply with the units decided so far. This method has no effect if
     * the reply has already ended.
     */
    public void cancel(Generation generation) {
        generation.end(StopReason.CANCELLED);
        batch.remove(generation);
    }

    /** Returns whether every reply has ended. */
    public boolean isIdle() {
        return batch.stream().allMatch(Generation::hasEnded);
    }

    /**
     * Prefills the next positions of the first prompt that is not completely prefilled. A long prompt can be prefilled
     * in pieces, between which other sequences take steps.
     *
     * @param maximum maximum number of positions, at least 1
     * @return number of positions, or 0 if all prompts are prefilled
     */
    public int prefill(int maximum) {
        if (maximum < 1) throw new IllegalArgumentException("positions: expected 1 or more, got " + maximum);
        for (Generation generation : batch) {
            if (!generation.isPrefilled()) return generation.prefill(maximum);
        }
        return 0;
    }

    /**
     * Decodes one position of every sequence whose prompt is prefilled, then notifies the listeners of the committed
     * units. If a listener throws an exception, the other listeners are notified before the exception is rethrown. If
     * the thread is interrupted, the replies of these sequences end with {@link StopReason#INTERRUPTED}.
     *
     * @throws DamagedWeightsException if logits are NaN or infinite
     */
    public void step() {
        step(
                batch.stream()
                        .filter(generation -> generation.isPrefilled() && !generation.hasEnded())
                        .toList(),
                List.of());
    }

    /**
     * Decodes one position for each of the given replies and prefills pieces of other sequences' prompts. The prompts run
     * in passes of their own, so that the replies do not depend on them.
     *
     * @param generations distinct replies of this batch that are prefilled and have not ended
     * @param prompts pieces of this batch's prompts that are not completely prefilled, at most one per sequence
     * @throws IllegalArgumentException if an argument does not meet these conditions
     * @throws DamagedWeightsException if logits are NaN or infinite
     */
    public void step(List<Generation> generations, List<PromptPiece> prompts) {
        check(generations, prompts);
        feed(generations, prompts);
        List<Generation> climbing = new ArrayList<>(generations);
        while (!climbing.isEmpty()) {
            int layer =
                    climbing.stream().mapToInt(Generation::nextExitLayer).min().getAsInt();
            decode(climbing, layer);
            exitOrContinue(
                    climbing.stream().filter(g -> g.nextExitLayer() == layer).toList(), layer);
            climbing.removeIf(generation -> !generation.isClimbing());
        }
        prefill(prompts);
        copyOrOmitSkippedKv(generations);
        batch.removeIf(Generation::hasEnded);
        emit(generations);
    }

    /** Appends the last unit of each reply to its sequence as the newest position, and appends the prompt pieces. */
    private void feed(List<Generation> generations, List<PromptPiece> prompts) {
        List<Generation> unfed =
                generations.stream().filter(Generation::hasUnfedUnit).toList();
        // If the previous step failed after these sequences had decided their units, complete that step.
        copyOrOmitSkippedKv(unfed);
        strategies.feed(unfed.stream().map(Generation::strategy).toList(), head);
        generations.forEach(Generation::beginClimb);
        for (PromptPiece piece : prompts) piece.generation().feedPrompt(piece.positions());
    }

    /**
     * Runs one pass up to a layer for the newest position of each sequence and for earlier positions that have not
     * passed through that layer. The pass fills the missing keys and values of early exits (section 4.2.3).
     */
    private void decode(List<Generation> generations, int layer) {
        List<Position> positions = new ArrayList<>();
        for (Generation generation : generations) {
            positions.addAll(generation.sequence().pendingBelow(layer));
        }
        model.transformer().decode(positions, layer);
    }

    /** Runs pieces of prompts through all layers. */
    private void prefill(List<PromptPiece> prompts) {
        List<Position> positions = new ArrayList<>();
        for (PromptPiece piece : prompts) {
            positions.addAll(piece.generation().sequence().pendingBelow(layers));
        }
        if (!positions.isEmpty()) model.transformer().forward(positions, layers);
    }

    /**
     * Makes predictions with a layer's head for all positions that have an exit there. Each position exits or continues
     * to its next exit.
     */
    private void exitOrContinue(List<Generation> arrived, int layer) {
        List<List<OutputHead.Query>> queries =
                arrived.stream().map(Generation::queries).toList();
        List<Prediction> predictions =
                head.predict(queries.stream().flatMap(List::stream).toList(), layer);
        predictions.forEach(prediction -> prediction.requireNumbers(layer));
        int from = 0;
        for (int i = 0; i < arrived.size(); i++) {
            int to = from + queries.get(i).size();
            arrived.get(i).exitOrContinue(predictions.subList(from, to));
            from = to;
        }
    }

    /**
     * If the plan requires it, computes the keys and values of the layers above the exits from the state at the exit,
     * or omits them. SPAR-K does neither. This method is called after all positions have exited, because a confidence
     * policy may let positions continue.
     */
    private void copyOrOmitSkippedKv(List<Generation> generations) {
        List<Position> copied = new ArrayList<>();
        for (Generation generation : generations) {
            List<Position> skipping = generation.sequence().pendingBelow(layers);
            switch (generation.skippedKv()) {
                case FILL -> {} // filled later; the positions remain pending
                case COPY -> copied.addAll(skipping);
                case OMIT -> skipping.forEach(Position::omit);
            }
        }
        model.transformer().propagate(copied);
    }

    private static void emit(List<Generation> generations) {
        RuntimeException failure = null;
        for (Generation generation : generations) {
            try {
                generation.notifyListener();
            } catch (RuntimeException e) {
                if (failure == null) failure = e;
                else failure.addSuppressed(e);
            }
        }
        if (failure != null) throw failure;
    }

    private void check(List<Generation> generations, List<PromptPiece> prompts) {
        boolean deciding =
                generations.stream().allMatch(one -> batch.contains(one) && one.isPrefilled() && !one.hasEnded());
        if (!deciding || repeats(generations)) {
            throw new IllegalArgumentException(
                    "step: expected distinct prefilled replies of this batch that have not ended");
        }
        List<Generation> prefilling =
                prompts.stream().map(PromptPiece::generation).toList();
        if (!prefilling.stream().allMatch(one -> batch.contains(one) && !one.isPrefilled()) || repeats(prefilling)) {
            throw new IllegalArgumentException("step: expected distinct prompts of this batch that are not prefilled");
        }
    }

    private static boolean repeats(List<Generation> generations) {
        return Set.copyOf(generations).size() < generations.size();
    }
}
