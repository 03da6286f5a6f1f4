package sparrow.engine.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.IntStream;
import sparrow.engine.exit.Head;
import sparrow.engine.exit.PartialHead;
import sparrow.engine.exit.StepHead;
import sparrow.engine.transformer.Position;
import sparrow.engine.transformer.Scorer;
import sparrow.engine.transformer.State;

/**
 * Measures {@link RowCosts}: passes of throwaway rows behind a prompt through all layers, and the heads for one row, once a
 * round and in alternation, so that what slows the machine for a while slows all of them. Every head is asked behind a
 * pass, which leaves none of its weights in a cache that is smaller than the model.
 *
 * <p>For one thread at a time.
 */
public final class RowMeter {
    /** Far from every pattern in the weights. */
    private static final long STRIDE = 7919;

    private final LanguageModel model;
    private final Sequence sequence;
    private final Head speechHead;
    private final Scorer scorer;
    private final float[] hidden;
    private final State state;
    private final SortedMap<Integer, List<Long>> passNanos = new TreeMap<>();
    private final SortedMap<Integer, List<Long>> exitNanos = new TreeMap<>();
    private final List<Long> fullNanos = new ArrayList<>();
    private final List<Long> speechNanos = new ArrayList<>();
    private final List<Long> stepNanos = new ArrayList<>();

    /**
     * Prefills the prompt.
     *
     * @param rows of the passes to measure; one row is always among them
     * @param promptTokens positions before the rows, 0 or more
     * @throws IllegalArgumentException if there are fewer than 1 row, or prompt and rows do not fit the context
     */
    public RowMeter(LanguageModel model, SortedSet<Integer> rows, int promptTokens) {
        int context = model.transformer().config().contextLength();
        if (!rows.isEmpty() && rows.first() < 1) {
            throw new IllegalArgumentException("rows: expected 1 or more, got " + rows.first());
        }
        int most = rows.isEmpty() ? 1 : rows.last();
        if (promptTokens < 0 || (long) promptTokens + most > context) {
            throw new IllegalArgumentException("prompt of " + promptTokens + " tokens and " + most
                    + " rows: expected to fit the context of " + context + " positions");
        }
        this.model = model;
        this.sequence = new Sequence(model);
        this.speechHead = PartialHead.of(model.heads().full(), model.tokens().allowedInSpeech());
        this.scorer = model.transformer().newScorer();
        this.hidden = model.transformer().embed(model.tokens().speechOffset());
        this.state = model.transformer().state(hidden);
        passNanos.put(1, new ArrayList<>());
        for (int n : rows) passNanos.put(n, new ArrayList<>());
        for (int layer : model.heads().layers()) if (layer < model.layers()) exitNanos.put(layer, new ArrayList<>());
        append(promptTokens, 0, model.tokens().usable());
        sequence.carry();
        // The first pass is not to be charged with it.
        if (promptTokens > 0) sequence.newest().read();
    }

    /**
     * The costs of a model by a few rounds behind a short prompt, for who cannot wait for more; the first round only warms up.
     *
     * @param rounds that count, 1 or more
     */
    public static RowCosts measure(LanguageModel model, SortedSet<Integer> rows, int rounds) {
        new RowMeter(model, rows, 0).round();
        RowMeter meter = new RowMeter(model, rows, 0);
        for (int round = 0; round < rounds; round++) meter.round();
        return meter.costs();
    }

    /** Measures everything once more; a pass of one row, against which all is held, before each of the others. */
    public void round() {
        for (int rows : passNanos.keySet()) {
            onePass();
            if (rows > 1) passNanos.get(rows).add(pass(rows));
        }
        onePass();
        fullNanos.add(head(model.heads().full()));
        onePass();
        speechNanos.add(head(speechHead));
        for (Map.Entry<Integer, List<Long>> exit : exitNanos.entrySet()) {
            onePass();
            exit.getValue().add(head(model.heads().at(exit.getKey())));
        }
        if (model.heads().step().isPresent()) {
            onePass();
            stepNanos.add(step(model.heads().step().get()));
        }
    }

    private void onePass() {
        passNanos.get(1).add(pass(1));
    }

    private long step(StepHead head) {
        long start = System.nanoTime();
        head.next(model.transformer().kernels(), List.of(hidden), List.of(hidden));
        return System.nanoTime() - start;
    }

    /** Nanoseconds of a pass of new rows, which are gone afterwards. */
    private long pass(int rows) {
        int length = sequence.length();
        append(rows, model.tokens().speechOffset(), model.tokens().speechTokens());
        List<Position> positions = sequence.below(model.layers());
        long start = System.nanoTime();
        model.transformer().forward(positions, model.layers());
        // Nothing else waits where a device computes.
        positions.getLast().state().read();
        long nanos = System.nanoTime() - start;
        sequence.truncate(length);
        return nanos;
    }

    private void append(int count, int first, int ids) {
        IntStream.range(0, count).forEach(i -> sequence.append(first + (int) (i * STRIDE % ids)));
    }

    private long head(Head head) {
        long start = System.nanoTime();
        head.logits(scorer, List.of(state));
        state.read();
        return System.nanoTime() - start;
    }

    /** Nanoseconds of every pass so far, by its rows. */
    public SortedMap<Integer, List<Long>> passNanos() {
        return passNanos;
    }

    /**
     * The medians of the rounds. A ratio that is below that of fewer rows is raised to it: the machine was slower for a
     * while.
     *
     * @throws IllegalStateException if no round was measured
     */
    public RowCosts costs() {
        if (fullNanos.isEmpty()) throw new IllegalStateException("row costs: expected a round to be measured first");
        double one = median(passNanos.get(1));
        double layer = one / model.layers();
        SortedMap<Integer, Double> ratios = new TreeMap<>();
        double least = 1;
        for (Map.Entry<Integer, List<Long>> pass : passNanos.entrySet()) {
            least = Math.max(least, median(pass.getValue()) / one);
            ratios.put(pass.getKey(), least);
        }
        SortedMap<Integer, Double> exits = new TreeMap<>();
        exitNanos.forEach((at, nanos) -> exits.put(at, median(nanos) / layer));
        double step = stepNanos.isEmpty() ? 0 : median(stepNanos) / layer;
        return new RowCosts(ratios, median(fullNanos) / layer, median(speechNanos) / layer, exits, step);
    }

    private static double median(List<Long> values) {
        long[] sorted = values.stream().mapToLong(Long::longValue).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2.0;
    }
}
