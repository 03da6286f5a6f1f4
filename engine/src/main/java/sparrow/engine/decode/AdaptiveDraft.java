package sparrow.engine.decode;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Finds where, and how far, one kind of position is best drafted, by what comes of it. Each layer with a head has a running
 * acceptance. After every cycle the layer and the number of drafts that bring most tokens for their cost by
 * {@link DraftForecast} come next, or full depth where nothing is worth drafting. A cycle says nothing of the layers that
 * did not draft, so now and then a neighbouring one does.
 *
 * <p>Nothing but the costs and the verdicts decides: the same ones lead to the same choices.
 */
final class AdaptiveDraft {
    /** A longer row of drafts is rarely right. */
    static final int MOST_DRAFTS = 8;

    private static final double START = 0.8;

    /** Verified positions over which acceptance is an exponential mean. */
    private static final int MEMORY = 64;

    /** A neighbouring layer drafts in every cycle of this number. */
    private static final int PROBE_CYCLES = 32;

    /** Positions of full depth after which drafting is tried again. */
    private static final int PROBE_POSITIONS = 64;

    /** What drafting has to gain on full depth. */
    private static final double WORTH = 1.02;

    /** Nobody drafts. */
    static final Choice FULL_DEPTH = new Choice(0, 0);

    private final RowCosts costs;
    private final int layers;
    private final double head;
    private final SortedMap<Integer, Double> accepted = new TreeMap<>();
    private Choice choice;
    private int cycles;
    private int full;
    private boolean above;

    /**
     * What the next cycle does.
     *
     * @param layer where drafts leave; 0 at full depth
     * @param drafts how many at most; 0 at full depth
     */
    record Choice(int layer, int drafts) {}

    /**
     * @param layers L
     * @param head what the final head costs for a row of this kind, in layers
     */
    AdaptiveDraft(RowCosts costs, int layers, double head) {
        this.costs = costs;
        this.layers = layers;
        this.head = head;
        for (int layer : costs.exitHeads().keySet()) if (layer < layers) accepted.put(layer, START);
        choice = best();
    }

    /** What the next cycle does. It stays so until a cycle is {@linkplain #verified verified} or full depth was run. */
    Choice choice() {
        return choice;
    }

    /** How often drafts of each layer are right, as far as is known. */
    SortedMap<Integer, Double> accepted() {
        return new TreeMap<>(accepted);
    }

    /**
     * A cycle has ended.
     *
     * @param layer where its drafts left
     * @param right drafts up to the first wrong one
     * @param wrong whether there was a wrong one
     */
    void verified(int layer, int right, boolean wrong) {
        for (int i = 0; i < right; i++) note(layer, 1);
        if (wrong) note(layer, 0);
        cycles++;
        full = 0;
        choice = best();
        if (choice.layer() > 0 && cycles % PROBE_CYCLES == 0) choice = neighbour(choice.layer());
    }

    private void note(int layer, double outcome) {
        accepted.computeIfPresent(layer, (key, mean) -> mean + (outcome - mean) / MEMORY);
    }

    /** A token was decided at full depth without a draft before it. */
    void ranFull() {
        full++;
        if (full % PROBE_POSITIONS == 0 && !accepted.isEmpty()) choice = mostPromising();
        else choice = best();
    }

    /** The layer above or the one below, in turn, or the only one of them that there is. */
    private Choice neighbour(int layer) {
        above = !above;
        SortedMap<Integer, Double> higher = accepted.tailMap(layer + 1);
        SortedMap<Integer, Double> lower = accepted.headMap(layer);
        if (higher.isEmpty() && lower.isEmpty()) return choice;
        boolean up = lower.isEmpty() || (above && !higher.isEmpty());
        return bestAt(up ? higher.firstKey() : lower.lastKey());
    }

    private Choice best() {
        if (accepted.isEmpty()) return FULL_DEPTH;
        Choice most = mostPromising();
        double gain = forecast(most).speedUp(DraftForecast.fullDepth(layers, head));
        return gain >= WORTH ? most : FULL_DEPTH;
    }

    private Choice mostPromising() {
        return accepted.keySet().stream()
                .map(this::bestAt)
                .reduce((a, b) -> rate(b) > rate(a) ? b : a)
                .orElseThrow();
    }

    private Choice bestAt(int layer) {
        Choice best = new Choice(layer, 1);
        for (int drafts = 2; drafts <= MOST_DRAFTS; drafts++) {
            Choice other = new Choice(layer, drafts);
            if (rate(other) > rate(best)) best = other;
        }
        return best;
    }

    /** T / C. */
    private double rate(Choice one) {
        DraftForecast forecast = forecast(one);
        return forecast.tokens() / forecast.layers();
    }

    private DraftForecast forecast(Choice one) {
        double[] shares = new double[one.drafts()];
        Arrays.fill(shares, accepted.get(one.layer()));
        return DraftForecast.draft(costs, layers, head, one.layer(), shares);
    }
}
