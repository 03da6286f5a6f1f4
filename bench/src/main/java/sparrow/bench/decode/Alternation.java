package sparrow.bench.decode;

import java.util.ArrayList;
import java.util.List;

/**
 * Ratios of two things that ran in alternation, A B A B …, on a machine whose speed drifts: each run of B is held
 * against the run of A before it and the one after it, never against one from another minute.
 */
public final class Alternation {
    private Alternation() {}

    /**
     * B over A for every pair of neighbours.
     *
     * @param a values of A, one a round
     * @param b values of B, in the same rounds; the last round may lack one
     */
    public static List<Double> ratios(List<Double> a, List<Double> b) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < b.size(); round++) {
            ratios.add(b.get(round) / a.get(round));
            if (round + 1 < a.size()) ratios.add(b.get(round) / a.get(round + 1));
        }
        return ratios;
    }
}
