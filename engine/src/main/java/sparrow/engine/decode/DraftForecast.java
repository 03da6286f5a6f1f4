package sparrow.engine.decode;

import java.util.Arrays;

/**
 * What drafting brings by arithmetic, from what rows cost and how often drafts are right.
 *
 * @param tokens expected of a cycle, T: the drafts that are right up to the first wrong one, and the one that full depth adds
 * @param layers what a cycle costs, C, in layers of one row
 */
public record DraftForecast(double tokens, double layers) {
    /** What full depth costs a token. */
    public static double fullDepth(int layers, double head) {
        return layers + head;
    }

    /**
     * Drafts that leave at a layer, and the pass that confirms them: C = (g + 1) l + (L - l) r(g + 1) + g h_l + h r(g + 1).
     *
     * @param layers L
     * @param head h, what the final head costs for one row of this kind, in layers
     * @param exit l, a layer with a head
     * @param accepted how often the first, second ... draft of a cycle is right if those before it were; its length is g, 1
     *     or more
     */
    public static DraftForecast draft(RowCosts costs, int layers, double head, int exit, double... accepted) {
        int drafts = accepted.length;
        double ratio = costs.ratio(drafts + 1);
        double cost = (drafts + 1) * exit + (layers - exit) * ratio + drafts * costs.exitHead(exit) + head * ratio;
        return new DraftForecast(tokens(accepted), cost);
    }

    /**
     * Drafts of a step head, confirmed by the pass that runs them all: C = (L + h) r(g + 1) + g m.
     *
     * @param rows what the rows of the output matrix cost that a draft asks for, in layers: with the step head's own cost they are m
     */
    public static DraftForecast ahead(RowCosts costs, int layers, double head, double rows, double... accepted) {
        double cost = fullDepth(layers, head) * costs.ratio(accepted.length + 1)
                + accepted.length * (costs.stepHead() + rows);
        return new DraftForecast(tokens(accepted), cost);
    }

    /** T = 1 + a_1 + a_1 a_2 + ... */
    private static double tokens(double... accepted) {
        double reached = 1;
        double tokens = 1;
        for (double share : accepted) {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException(
                        "acceptance: expected shares from 0 to 1, got " + Arrays.toString(accepted));
            }
            reached *= share;
            tokens += reached;
        }
        return tokens;
    }

    /**
     * How many times as fast as full depth.
     *
     * @param fullDepth what a token costs there, in layers
     */
    public double speedUp(double fullDepth) {
        return tokens * fullDepth / layers;
    }
}
