package sparrow.bench.decode;

import java.util.ArrayList;
import java.util.List;

/**
 * Computes ratios of two measurements that alternate, A B A B …, on a machine whose speed drifts. Each run of B is
 * compared only with the runs of A directly before and after it.
 */
public final class Alternation {
    private Alternation() {}

    /**
     * Returns B / A for each pair of neighbouring runs.
     *
     * @param a values of A, one per round
     * @param b values of B in the same rounds; the value of the last round may be missing
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
