package sparrow.study.tune;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sparrow.engine.transformer.KvCache;
import sparrow.engine.transformer.Position;
import sparrow.engine.transformer.Transformer;

/**
 * Measures the cost of a row in addition to the first in a pass, as a fraction of a pass of one row. The cost depends on
 * the machine and on the size of the model, because reading weights from memory can take longer than the arithmetic of
 * a few rows.
 */
public final class RowCost {
    /** Maximum number of rows that are measured. */
    private static final int ROWS = 4;

    /** Number of measured rounds. */
    private static final int ROUNDS = 7;

    /** Minimum time for which the JIT compiler is warmed up. */
    private static final long WARM_UP_NANOS = 2_000_000_000L;

    private RowCost() {}

    /**
     * Returns the mean cost of a row in passes of two, three and four rows, each the median of several rounds. Takes at
     * least two seconds.
     */
    public static double measure(Transformer transformer) {
        long end = System.nanoTime() + WARM_UP_NANOS;
        do round(transformer);
        while (System.nanoTime() < end);
        double[][] costs = new double[ROWS - 1][ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            double[] nanos = round(transformer);
            for (int more = 1; more < ROWS; more++) costs[more - 1][round] = (nanos[more] / nanos[0] - 1) / more;
        }
        double sum = 0;
        for (double[] cost : costs)
            sum += Math.max(0, Arrays.stream(cost).sorted().toArray()[ROUNDS / 2]);
        return sum / costs.length;
    }

    /** Returns the nanoseconds of a pass of each number of rows. */
    private static double[] round(Transformer transformer) {
        double[] nanos = new double[ROWS];
        for (int rows = 1; rows <= ROWS; rows++) {
            KvCache cache = transformer.newCache();
            List<Position> positions = new ArrayList<>();
            for (int row = 0; row < rows; row++) {
                positions.add(new Position(cache, row, transformer.state(transformer.embed(row))));
            }
            long start = System.nanoTime();
            transformer.forward(positions, transformer.config().layers());
            positions.getLast().state().read();
            nanos[rows - 1] = System.nanoTime() - start;
        }
        return nanos;
    }
}
