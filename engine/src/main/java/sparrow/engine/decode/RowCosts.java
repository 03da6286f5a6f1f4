package sparrow.engine.decode;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What rows cost on one machine with one model: a pass of several positions of a sequence reads the weights once and computes
 * for each. The unit is the time of one position in one layer. {@link RowMeter} measures it.
 *
 * @param ratios r(n): time of a pass of n rows by that of a pass of one, for some n. r(1) = 1, and more rows never cost less
 * @param fullHead what the final head costs for one row, in layers
 * @param speechHead the same for the rows of the output matrix that speech positions need
 * @param exitHeads what each exit head costs for one row, in layers, by the layer that it stands after
 * @param stepHead what one step of the step head costs, in layers, without the rows of the output matrix; 0 without one
 */
public record RowCosts(
        SortedMap<Integer, Double> ratios,
        double fullHead,
        double speechHead,
        SortedMap<Integer, Double> exitHeads,
        double stepHead) {
    public RowCosts {
        ratios = copy("ratios", ratios);
        exitHeads = copy("exit heads", exitHeads);
        Double one = ratios.get(1);
        if (one == null || one != 1 || ratios.firstKey() != 1) {
            throw new IllegalArgumentException(
                    "row costs: expected ratio 1 for 1 row and no fewer rows, got " + ratios);
        }
        double before = 1;
        for (double ratio : ratios.values()) {
            if (ratio < before) {
                throw new IllegalArgumentException("row costs: expected ratios that never fall, got " + ratios);
            }
            before = ratio;
        }
        checkCost("full head", fullHead);
        checkCost("speech head", speechHead);
        checkCost("step head", stepHead);
    }

    private static SortedMap<Integer, Double> copy(String name, SortedMap<Integer, Double> costs) {
        if (costs == null) throw new IllegalArgumentException("row costs: expected " + name + ", got none");
        costs.values().forEach(cost -> checkCost(name, cost));
        return Collections.unmodifiableSortedMap(new TreeMap<>(costs));
    }

    private static void checkCost(String name, Double cost) {
        if (cost == null || !(cost >= 0) || Double.isInfinite(cost)) {
            throw new IllegalArgumentException("row costs: " + name + ": expected 0 or more, got " + cost);
        }
    }

    /**
     * r(n): between the rows that were measured on a straight line, above them on the one that leads to the last.
     *
     * @param rows 1 or more
     */
    public double ratio(int rows) {
        if (rows < 1) throw new IllegalArgumentException("rows: expected 1 or more, got " + rows);
        Double measured = ratios.get(rows);
        if (measured != null) return measured;
        SortedMap<Integer, Double> below = ratios.headMap(rows);
        SortedMap<Integer, Double> above = ratios.tailMap(rows);
        int right = above.isEmpty() ? below.lastKey() : above.firstKey();
        SortedMap<Integer, Double> lower = ratios.headMap(right);
        // Nothing but one row was measured: as if computing were all of it.
        if (lower.isEmpty()) return rows;
        int left = lower.lastKey();
        double slope = (ratios.get(right) - ratios.get(left)) / (right - left);
        return ratios.get(left) + slope * (rows - left);
    }

    /** rho of the line r(n) = 1 + rho (n - 1) that lies nearest, by least squares; NaN where one row alone was measured. */
    public double rho() {
        double product = 0;
        double square = 0;
        for (Map.Entry<Integer, Double> entry : ratios.entrySet()) {
            double more = entry.getKey() - 1;
            product += more * (entry.getValue() - 1);
            square += more * more;
        }
        return product / square;
    }

    /**
     * What the head of an exit layer costs for one row, in layers.
     *
     * @throws IllegalArgumentException if that of the layer was not measured
     */
    public double exitHead(int layer) {
        Double cost = exitHeads.get(layer);
        if (cost == null) {
            throw new IllegalArgumentException(
                    "row costs: no exit head for layer " + layer + ", only for " + exitHeads.keySet());
        }
        return cost;
    }
}
