package sparrow.engine.decode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sparrow.engine.exit.Depth;
import sparrow.engine.exit.ExitHead;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.HeadScratch;
import sparrow.engine.exit.Logits;
import sparrow.engine.transformer.Row;

/**
 * Decodes replies with early exit (SPAR-K, section 4): every position runs as deep as the exit plan says, the head of
 * that layer decides the token, and a position that stopped early is carried through the layers it lacks by the next
 * pass that goes deeper, in the same reading of the weights. Several sequences decode in one batch.
 *
 * <p>One thread at a time: a decoder keeps its scratch memory.
 */
public final class Decoder {
    /** Prompt rows per pass: enough to use the matrix kernels fully, few enough to bound the activations. */
    private static final int PREFILL_ROWS = 256;

    private final LanguageModel model;
    private final ExitPlan plan;
    private final Sampling sampling;
    private final Limits limits;
    private final HeadScratch scratch = new HeadScratch();

    /**
     * @throws IllegalArgumentException if the plan asks for a layer that the model or its heads do not have
     */
    public Decoder(LanguageModel model, ExitPlan plan, Sampling sampling, Limits limits) {
        plan.check(layers(model), model.heads().layers());
        this.model = model;
        this.plan = plan;
        this.sampling = sampling;
        this.limits = limits;
    }

    /** One reply: {@link #replies} of a single request. */
    public Reply reply(Sequence sequence, int[] prompt, StepListener listener) {
        return replies(List.of(new Request(sequence, prompt, listener))).getFirst();
    }

    /**
     * Prefills the prompts at full depth behind what the sequences already hold, then decodes all of them together
     * until each has ended. Every sequence gets what it would get alone.
     *
     * @return the replies in the order of the requests
     * @throws IllegalArgumentException if a prompt is empty, holds an unknown id, or does not fit the context
     */
    public List<Reply> replies(List<Request> requests) {
        List<Generation> all = new ArrayList<>();
        for (Request request : requests) all.add(new Generation(model, request, sampling, limits));
        for (Generation generation : all) prefill(generation);
        List<Generation> active = new ArrayList<>(all);
        decide(active, new Depth.Full());
        while (dropEnded(active)) {
            for (Generation generation : active) generation.feedLast();
            advance(active);
        }
        return all.stream().map(Generation::reply).toList();
    }

    private static boolean dropEnded(List<Generation> active) {
        active.removeIf(Generation::ended);
        return !active.isEmpty();
    }

    private void prefill(Generation generation) {
        int[] prompt = generation.prompt();
        for (int from = 0; from < prompt.length; from += PREFILL_ROWS) {
            generation.feed(prompt, from, Math.min(prompt.length, from + PREFILL_ROWS));
            run(Map.of(generation, layers(model)));
        }
    }

    /** One token of every sequence: as deep as the plan says, and on where confidence is lacking. */
    private void advance(List<Generation> active) {
        Map<Generation, Integer> targets = new LinkedHashMap<>();
        for (Generation generation : active) targets.put(generation, firstStop(generation.depth(plan)));
        run(targets);
        Map<Depth, List<Generation>> byDepth = new LinkedHashMap<>();
        for (Generation generation : active) {
            byDepth.computeIfAbsent(generation.depth(plan), depth -> new ArrayList<>())
                    .add(generation);
        }
        byDepth.forEach((depth, generations) -> decide(generations, depth));
    }

    private int firstStop(Depth depth) {
        return switch (depth) {
            case Depth.Full() -> layers(model);
            case Depth.Early(int layer) -> layer;
            case Depth.IfConfident(int layer, double entropy) -> layer;
        };
    }

    /** Lets the head of the depth that the generations stand at choose their tokens. */
    private void decide(List<Generation> generations, Depth depth) {
        int layer = firstStop(depth);
        List<Logits> logits = logits(generations, layer);
        List<Generation> unsure = new ArrayList<>();
        for (int i = 0; i < generations.size(); i++) {
            double entropy = Double.NaN;
            if (depth instanceof Depth.IfConfident(int l, double threshold)) {
                entropy = logits.get(i).entropy();
                if (!(entropy < threshold)) {
                    generations.get(i).unsure(entropy);
                    unsure.add(generations.get(i));
                    continue;
                }
            }
            generations.get(i).decide(logits.get(i), layer, entropy);
        }
        if (unsure.isEmpty()) return;
        Map<Generation, Integer> targets = new LinkedHashMap<>();
        for (Generation generation : unsure) targets.put(generation, layers(model));
        run(targets);
        List<Logits> full = logits(unsure, layers(model));
        for (int i = 0; i < unsure.size(); i++) {
            unsure.get(i).decide(full.get(i), layers(model), unsure.get(i).entropy());
        }
    }

    private List<Logits> logits(List<Generation> generations, int layer) {
        ExitHead head = model.heads().at(layer);
        return head.logits(
                model.transformer().kernels(),
                generations.stream().map(g -> g.rows().newest()).toList(),
                scratch);
    }

    /** One pass: every sequence to its depth, pending positions along with the new one. */
    private void run(Map<Generation, Integer> depths) {
        List<Row> rows = new ArrayList<>();
        depths.forEach((generation, depth) -> rows.addAll(generation.rows().rowsTo(depth)));
        model.transformer().forward(rows);
        depths.forEach((generation, depth) -> generation.rows().reached(depth));
    }

    private static int layers(LanguageModel model) {
        return model.transformer().config().layers();
    }
}
