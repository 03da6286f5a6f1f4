package sparrow.engine.decode;

import java.util.Arrays;
import java.util.SortedSet;
import java.util.TreeSet;
import sparrow.engine.exit.ExitPolicy;

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

    /** A neighbouring layer drafts in every cycle of this number. */
    private static final int PROBE_CYCLES = 32;

    /** Positions of full depth after which drafting is tried again. */
    private static final int PROBE_POSITIONS = 64;

    /** What drafting has to gain on full depth. */
    private static final double WORTH = 1.02;

    private final RowCosts costs;
    private final int layers;
    private final double head;
    private final SortedSet<Integer> candidates = new TreeSet<>();
    private final RunningAcceptance accepted;
    private ExitPolicy choice;
    private int cycles;
    private int full;
    private boolean above;

    /**
     * @param layers L
     * @param head what the final head costs for a row of this kind, in layers
     * @param accepted how often drafts were right so far
     */
    AdaptiveDraft(RowCosts costs, int layers, double head, RunningAcceptance accepted) {
        this.costs = costs;
        this.layers = layers;
        this.head = head;
        this.accepted = accepted;
        candidates.addAll(costs.exitHeads().headMap(layers).keySet());
        choice = best();
    }

    /** What the next cycle does: drafts, or full depth. It stays so until a cycle ends or full depth was run. */
    ExitPolicy choice() {
        return choice;
    }

    /** Full depth has decided about a draft. */
    void decided(int layer, boolean right) {
        accepted.note(layer, right);
    }

    /** A cycle of drafts has ended, all that are known of decided. */
    void cycleEnded() {
        cycles++;
        full = 0;
        choice = best();
        if (choice instanceof ExitPolicy.Draft draft && cycles % PROBE_CYCLES == 0) choice = neighbour(draft);
    }

    /** A token was decided at full depth without a draft before it. */
    void ranFull() {
        full++;
        boolean probes = full % PROBE_POSITIONS == 0 && !candidates.isEmpty();
        choice = probes ? mostPromising() : best();
    }

    /** The layer above or the one below, in turn, or the only one of them that there is. */
    private ExitPolicy.Draft neighbour(ExitPolicy.Draft draft) {
        above = !above;
        SortedSet<Integer> higher = candidates.tailSet(draft.layer() + 1);
        SortedSet<Integer> lower = candidates.headSet(draft.layer());
        if (higher.isEmpty() && lower.isEmpty()) return draft;
        boolean up = lower.isEmpty() || (above && !higher.isEmpty());
        return bestAt(up ? higher.first() : lower.last());
    }

    private ExitPolicy best() {
        if (candidates.isEmpty()) return new ExitPolicy.None();
        ExitPolicy.Draft most = mostPromising();
        double gain = forecast(most).speedUp(DraftForecast.fullDepth(layers, head));
        return gain >= WORTH ? most : new ExitPolicy.None();
    }

    private ExitPolicy.Draft mostPromising() {
        return candidates.stream()
                .map(this::bestAt)
                .reduce((a, b) -> rate(b) > rate(a) ? b : a)
                .orElseThrow();
    }

    private ExitPolicy.Draft bestAt(int layer) {
        ExitPolicy.Draft best = new ExitPolicy.Draft(layer, 1);
        for (int drafts = 2; drafts <= MOST_DRAFTS; drafts++) {
            ExitPolicy.Draft other = new ExitPolicy.Draft(layer, drafts);
            if (rate(other) > rate(best)) best = other;
        }
        return best;
    }

    /** T / C. */
    private double rate(ExitPolicy.Draft draft) {
        DraftForecast forecast = forecast(draft);
        return forecast.tokens() / forecast.layers();
    }

    private DraftForecast forecast(ExitPolicy.Draft draft) {
        double[] shares = new double[draft.most()];
        Arrays.fill(shares, accepted.of(draft.layer()));
        return DraftForecast.draft(costs, layers, head, draft.layer(), shares);
    }
}
