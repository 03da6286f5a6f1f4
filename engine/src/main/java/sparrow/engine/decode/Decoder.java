package sparrow.engine.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import sparrow.engine.exit.DamagedWeightsException;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.StopReason;
import sparrow.engine.sample.Prediction;
import sparrow.engine.transformer.Position;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.unit.OutputHead;

/**
 * Decodes replies with early exit (SPAR-K, section 4). All sequences of a batch climb the layers together; at each exit
 * those that may leave ask its head for a unit, and those that are too unsure climb on. A position that left early stays pending,
 * and the next pass that goes deeper carries it through the layers that it lacks, in the same reading of the weights. So a
 * step reads every layer and every head once, for any mixture in the batch.
 *
 * <p>The batch is open: sequences are {@linkplain #admit admitted} between steps, each with a configuration of its own, and
 * leave it as their replies end or are {@linkplain #cancel cancelled}. Every sequence gets the reply that it would get alone.
 *
 * <p>For one thread at a time. Several decoders, each on a thread of its own, may share a model: their passes take turns.
 */
public final class Decoder {
    private final LanguageModel model;
    private final GenerationConfig config;
    private final Commitment.Factory commitments;
    private final int layers;
    private final OutputHead head;
    private final List<Generation> batch = new ArrayList<>();

    /**
     * A decoder of SPAR-K.
     *
     * @param config of the requests that bring none of their own
     * @throws IllegalArgumentException if the plan asks for a layer that the model or its heads do not have
     */
    public Decoder(LanguageModel model, GenerationConfig config) {
        this(model, config, Direct.FACTORY);
    }

    /**
     * A decoder whose replies commit to units in another way.
     *
     * @param config of the requests that bring none of their own
     * @throws IllegalArgumentException if the plan asks for a layer that the model or its heads do not have
     */
    public Decoder(LanguageModel model, GenerationConfig config, Commitment.Factory commitments) {
        model.check(config.plan());
        this.model = model;
        this.config = config;
        this.commitments = commitments;
        this.layers = model.layers();
        this.head = model.units().newHead();
    }

    /** One reply: {@link #replies} of a single request. */
    public Reply reply(Request request) {
        return replies(List.of(request)).getFirst();
    }

    /**
     * Prefills the prompts at full depth behind what the sequences already hold, then decodes all of them together until
     * each has ended.
     *
     * @return the replies in the order of the requests
     * @throws IllegalArgumentException if a prompt holds an unknown id, or does not fit the context
     * @throws DamagedWeightsException if the model's logits are not numbers
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

    /** Adds a sequence to the batch, with the decoder's own configuration. */
    public Generation admit(Request request) {
        return admit(request, config);
    }

    /**
     * Adds a sequence to the batch. Its prompt waits for {@link #prefill}.
     *
     * @throws IllegalArgumentException if plan or sequence do not suit the model, the prompt or the forced units hold an
     *     unknown one, or the prompt does not fit the context
     * @throws IllegalStateException if the sequence has another reply under way
     */
    public Generation admit(Request request, GenerationConfig own) {
        return admit(request, own, model);
    }

    /**
     * The same for a reply whose text and speech come in another order.
     *
     * @param task the same layers and heads, with units in that order
     * @throws IllegalArgumentException as {@link #admit(Request, GenerationConfig)}, or if the layers are others
     */
    public Generation admit(Request request, GenerationConfig own, LanguageModel task) {
        if (task.transformer() != model.transformer()) {
            throw new IllegalArgumentException("task: expected the layers of this decoder's model, got others");
        }
        Generation generation = new Generation(task, request, own, commitments);
        batch.add(generation);
        return generation;
    }

    /** Takes a sequence out of the batch; its reply ends with the units decided so far. Nothing happens if it has ended. */
    public void cancel(Generation generation) {
        generation.end(StopReason.CANCELLED);
        batch.remove(generation);
    }

    /** True if the batch is empty: every reply has ended. */
    public boolean isIdle() {
        return batch.stream().allMatch(Generation::hasEnded);
    }

    /**
     * Carries further positions of the first prompt that is not through all layers. A long prompt is prefilled in pieces
     * this way, with steps of the other sequences between them.
     *
     * @param most positions, at least one
     * @return how many there were; 0 if no prompt waits
     */
    public int prefill(int most) {
        if (most < 1) throw new IllegalArgumentException("positions: expected 1 or more, got " + most);
        for (Generation generation : batch) {
            if (!generation.isPrefilled()) return generation.prefill(most);
        }
        return 0;
    }

    /**
     * Goes on by one position in every sequence whose prompt is prefilled, then tells their listeners of the units that were
     * committed. An exception of a listener is thrown here, after the others have been told. If the thread is interrupted, all of
     * these replies end with {@link StopReason#INTERRUPTED}.
     *
     * @throws DamagedWeightsException if the model's logits are not numbers
     */
    public void step() {
        step(
                batch.stream()
                        .filter(generation -> generation.isPrefilled() && !generation.hasEnded())
                        .toList(),
                List.of());
    }

    /**
     * The same for some of the batch, while prompts of others go on in the same readings of the weights.
     *
     * @param generations of this batch, prefilled and not ended, each once
     * @param prompts others of this batch, not prefilled, each once
     * @throws IllegalArgumentException if one of either is not
     * @throws DamagedWeightsException if the model's logits are not numbers
     */
    public void step(List<Generation> generations, List<PromptPiece> prompts) {
        check(generations, prompts);
        feed(generations, prompts);
        List<Sequence> filling =
                prompts.stream().map(piece -> piece.generation().sequence()).toList();
        List<Generation> climbing = new ArrayList<>(generations);
        while (!climbing.isEmpty()) {
            int layer = climbing.stream().mapToInt(g -> g.exit().layer()).min().getAsInt();
            forward(climbing, filling, layer);
            List<Generation> asking =
                    climbing.stream().filter(g -> g.exit().layer() == layer).toList();
            commit(asking, sample(asking, layer));
            climbing.removeIf(generation -> !generation.isClimbing());
        }
        carry(filling, layers);
        settleSkipped(generations);
        batch.removeIf(Generation::hasEnded);
        emit(generations);
    }

    /** The unit that each sequence decided last becomes its newest position (4.2.1); pieces of prompts join. */
    private void feed(List<Generation> generations, List<PromptPiece> prompts) {
        List<Generation> decided =
                generations.stream().filter(Generation::hasUnfedUnit).toList();
        // Left open by a step that failed after these had decided.
        settleSkipped(decided);
        commitments.feed(decided.stream().map(Generation::commitment).toList(), head);
        generations.forEach(Generation::beginClimb);
        for (PromptPiece piece : prompts) piece.generation().feedPrompt(piece.positions());
    }

    /** Up to the lowest exit of the batch; prompts that are being filled climb along (4.2). */
    private void forward(List<Generation> climbing, List<Sequence> filling, int layer) {
        Stream<Sequence> sequences = climbing.stream().map(Generation::sequence);
        carry(Stream.concat(sequences, filling.stream()).toList(), layer);
    }

    /** One pass up to a layer. Pending positions of a sequence ride along with its newest one (4.2.3). */
    private void carry(List<Sequence> climbing, int layer) {
        List<Position> positions = new ArrayList<>();
        for (Sequence sequence : climbing) positions.addAll(sequence.below(layer));
        model.transformer().forward(positions, layer);
    }

    /** The head of the layer predicts for all that come to an exit there (4.2.2). */
    private List<List<Prediction>> sample(List<Generation> asking, int layer) {
        List<List<OutputHead.Query>> queries =
                asking.stream().map(Generation::queries).toList();
        List<Prediction> predictions =
                head.predict(queries.stream().flatMap(List::stream).toList(), layer);
        predictions.forEach(prediction -> prediction.requireNumbers(layer));
        List<List<Prediction>> each = new ArrayList<>();
        int at = 0;
        for (List<OutputHead.Query> its : queries) each.add(predictions.subList(at, at += its.size()));
        return each;
    }

    /** Positions that are sure enough leave with a unit; the others climb on. */
    private static void commit(List<Generation> asking, List<List<Prediction>> predictions) {
        for (int i = 0; i < asking.size(); i++) asking.get(i).leaveOrClimbOn(predictions.get(i));
    }

    /** Once the units are decided: until then a confidence rule may still send a position on. */
    private void settleSkipped(List<Generation> generations) {
        List<Position> copied = new ArrayList<>();
        for (Generation generation : generations) {
            List<Position> skipping = generation.sequence().below(layers);
            switch (generation.skippedKv()) {
                case FILL -> {}
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
                generation.tell();
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
            throw new IllegalArgumentException("step: expected prefilled replies of this batch under way, each once");
        }
        List<Generation> filling = prompts.stream().map(PromptPiece::generation).toList();
        if (!filling.stream().allMatch(one -> batch.contains(one) && !one.isPrefilled()) || repeats(filling)) {
            throw new IllegalArgumentException(
                    "step: expected prompts of this batch that are not prefilled, each once");
        }
    }

    private static boolean repeats(List<Generation> generations) {
        return Set.copyOf(generations).size() < generations.size();
    }
}
