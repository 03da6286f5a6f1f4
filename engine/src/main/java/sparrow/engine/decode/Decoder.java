package sparrow.engine.decode;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import sparrow.engine.exit.Depth;
import sparrow.engine.exit.ExitHead;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.Head;
import sparrow.engine.exit.HeadScratch;
import sparrow.engine.exit.Logits;
import sparrow.engine.exit.Modality;
import sparrow.engine.exit.PartialHead;
import sparrow.engine.exit.PendingRows;
import sparrow.engine.exit.SkippedKv;
import sparrow.engine.transformer.Row;

/**
 * Decodes replies with early exit (SPAR-K, section 4): every position runs as deep as the exit plan says, the head of
 * that layer decides the token, and a position that stopped early is carried through the layers it lacks by the next
 * pass that goes deeper, in the same reading of the weights (or, to compare, is treated otherwise: {@link SkippedKv}).
 * Several sequences decode in one batch.
 *
 * <p>One thread at a time: a decoder keeps its scratch memory.
 */
public final class Decoder {
    private final LanguageModel model;
    private final ExitPlan plan;
    private final Sampling sampling;
    private final Limits limits;
    private final Head speechHead;
    private final HeadScratch scratch = new HeadScratch();

    /** A decoder that computes all rows of the output matrix: the unmodified model but for its exits. */
    public Decoder(LanguageModel model, ExitPlan plan, Sampling sampling, Limits limits) {
        this(model, plan, sampling, limits, SpeechLogits.ALL);
    }

    /**
     * @param speechLogits rows of the output matrix that are computed at speech positions of full depth
     * @throws IllegalArgumentException if the plan asks for a layer that the model or its heads do not have
     */
    public Decoder(LanguageModel model, ExitPlan plan, Sampling sampling, Limits limits, SpeechLogits speechLogits) {
        plan.check(layers(model), model.heads().layers());
        this.model = model;
        this.plan = plan;
        this.sampling = sampling;
        this.limits = limits;
        this.speechHead = speechHead(speechLogits);
    }

    private Head speechHead(SpeechLogits rows) {
        ExitHead whole = model.heads().full();
        return switch (rows) {
            case ALL -> whole;
            case SPEECH -> PartialHead.of(whole, model.tokens().allowedInSpeech());
        };
    }

    /** One reply to a prompt that is all new to its sequence. */
    public Reply reply(Sequence sequence, int[] prompt, StepListener listener) {
        return reply(new Request(sequence, prompt, listener));
    }

    /** One reply: {@link #replies} of a single request. */
    public Reply reply(Request request) {
        return replies(List.of(request)).getFirst();
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
        for (Generation generation : all) generation.prefill();
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

    /** One token of every sequence: as deep as the plan says, and on where confidence is lacking. */
    private void advance(List<Generation> active) {
        Map<Generation, Integer> targets = new LinkedHashMap<>();
        for (Generation generation : active) targets.put(generation, firstStop(generation.depth(plan)));
        run(targets, 0);
        Map<Depth, List<Generation>> byDepth = new LinkedHashMap<>();
        for (Generation generation : active) {
            byDepth.computeIfAbsent(generation.depth(plan), depth -> new ArrayList<>())
                    .add(generation);
        }
        byDepth.forEach((depth, generations) -> decide(generations, depth));
        List<PendingRows> rows = active.stream().map(Generation::rows).toList();
        plan.skippedKv().settle(model.transformer(), rows);
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
        List<Generation> unsure = new ArrayList<>();
        byHead(generations, layer).forEach((head, group) -> {
            List<Logits> logits = logits(head, group);
            for (int i = 0; i < group.size(); i++) {
                if (!decide(group.get(i), logits.get(i), depth)) unsure.add(group.get(i));
            }
        });
        if (unsure.isEmpty()) return;
        Map<Generation, Integer> targets = new LinkedHashMap<>();
        for (Generation generation : unsure) targets.put(generation, layers(model));
        run(targets, layer);
        byHead(unsure, layers(model)).forEach((head, group) -> {
            List<Logits> logits = logits(head, group);
            for (int i = 0; i < group.size(); i++) {
                group.get(i).decide(logits.get(i), layers(model), group.get(i).entropy());
            }
        });
    }

    /** Whether the logits of the depth decide; if not, the generation remembers how unsure it was. */
    private boolean decide(Generation generation, Logits logits, Depth depth) {
        double entropy = Double.NaN;
        if (depth instanceof Depth.IfConfident(int layer, double threshold)) {
            entropy = logits.entropy();
            if (!(entropy < threshold)) {
                generation.unsure(entropy);
                return false;
            }
        }
        generation.decide(logits, firstStop(depth), entropy);
        return true;
    }

    /** The head of a layer, but the speech head for those that expect speech at full depth. */
    private Map<Head, List<Generation>> byHead(List<Generation> generations, int layer) {
        Map<Head, List<Generation>> groups = new LinkedHashMap<>();
        for (Generation generation : generations) {
            boolean speech = layer == layers(model) && generation.modality() == Modality.SPEECH;
            groups.computeIfAbsent(speech ? speechHead : model.heads().at(layer), head -> new ArrayList<>())
                    .add(generation);
        }
        return groups;
    }

    private List<Logits> logits(Head head, List<Generation> group) {
        return head.logits(model.transformer().kernels(), hidden(group), scratch);
    }

    private static List<float[]> hidden(List<Generation> generations) {
        return generations.stream().map(g -> g.rows().newest()).toList();
    }

    /**
     * One pass: every sequence to its depth, pending positions along with the new one. It pauses at the layers that
     * somebody watches.
     *
     * @param from layers that the newest positions have behind them
     */
    private void run(Map<Generation, Integer> depths, int from) {
        SortedSet<Integer> stops = new TreeSet<>(Set.of(Collections.max(depths.values())));
        for (Map.Entry<Generation, Integer> entry : depths.entrySet()) {
            stops.addAll(entry.getKey().watched().subSet(from + 1, entry.getValue() + 1));
        }
        for (int stop : stops) {
            List<Row> rows = new ArrayList<>();
            depths.forEach((generation, depth) -> rows.addAll(generation.rows().rowsTo(Math.min(depth, stop))));
            model.transformer().forward(rows);
            depths.forEach((generation, depth) -> {
                generation.rows().reached(Math.min(depth, stop));
                if (stop <= depth) generation.reached(stop);
            });
        }
    }

    private static int layers(LanguageModel model) {
        return model.transformer().config().layers();
    }
}
