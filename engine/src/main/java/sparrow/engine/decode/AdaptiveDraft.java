package sparrow.engine.decode;

import java.util.Arrays;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;
import sparrow.engine.exit.ExitPolicy;

/**
 * Finds where, and how far, one kind of position is best drafted, by what comes of it. Each layer with a head that may draft
 * has a running acceptance; the step head stands at layer L. After every cycle the layer and the number of drafts that bring most tokens for their cost by
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
    private final double draftRows;
    private final SortedSet<Integer> candidates = new TreeSet<>();
    private final RunningAcceptance accepted;
    private Choice choice;
    private ExitPolicy policy;
    private int cycles;
    private int full;
    private boolean above;

    /**
     * @param layers L
     * @param head what the final head costs for a row of this kind, in layers
     * @param draftRows what the rows of the output matrix cost that the step head asks for, in layers
     * @param candidates layers that may draft
     * @param accepted how often drafts were right so far
     */
    AdaptiveDraft(
            RowCosts costs,
            int layers,
            double head,
            double draftRows,
            Collection<Integer> candidates,
            RunningAcceptance accepted) {
        this.costs = costs;
        this.layers = layers;
        this.head = head;
        this.draftRows = draftRows;
        this.accepted = accepted;
        this.candidates.addAll(candidates);
        setChoice(best());
    }

    /**
     * What the next cycle does.
     *
     * @param layer that drafts
     * @param drafts how many at most; 0 for full depth
     */
    private record Choice(int layer, int drafts) {}

    /** What the next cycle does: drafts, or full depth. It stays so until a cycle ends or full depth was run. */
    ExitPolicy choice() {
        return policy;
    }

    private void setChoice(Choice next) {
        if (next.equals(choice)) return;
        choice = next;
        if (next.drafts() == 0) policy = new ExitPolicy.None();
        else if (next.layer() == layers) policy = new ExitPolicy.Ahead(next.drafts());
        else policy = new ExitPolicy.Draft(next.layer(), next.drafts());
    }

    /** Full depth has decided about a draft. */
    void decided(int layer, boolean right) {
        accepted.note(layer, right);
    }

    /** A cycle of drafts has ended, all that are known of decided. */
    void cycleEnded() {
        cycles++;
        full = 0;
        Choice best = best();
        boolean probes = best.drafts() > 0 && cycles % PROBE_CYCLES == 0;
        setChoice(probes ? neighbour(best) : best);
    }

    /** A token was decided at full depth without a draft before it. */
    void ranFull() {
        full++;
        boolean probes = full % PROBE_POSITIONS == 0 && !candidates.isEmpty();
        setChoice(probes ? mostPromising() : best());
    }

    /** The layer above or the one below, in turn, or the only one of them that there is. */
    private Choice neighbour(Choice one) {
        above = !above;
        SortedSet<Integer> higher = candidates.tailSet(one.layer() + 1);
        SortedSet<Integer> lower = candidates.headSet(one.layer());
        if (higher.isEmpty() && lower.isEmpty()) return one;
        boolean up = lower.isEmpty() || (above && !higher.isEmpty());
        return bestAt(up ? higher.first() : lower.last());
    }

    private Choice best() {
        if (candidates.isEmpty()) return new Choice(layers, 0);
        Choice most = mostPromising();
        double gain = forecast(most).speedUp(DraftForecast.fullDepth(layers, head));
        return gain >= WORTH ? most : new Choice(layers, 0);
    }

    private Choice mostPromising() {
        return candidates.stream()
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
        Arrays.fill(shares, accepted.of(one.layer()));
        return one.layer() == layers
                ? DraftForecast.ahead(costs, layers, head, draftRows, shares)
                : DraftForecast.draft(costs, layers, head, one.layer(), shares);
    }
}
