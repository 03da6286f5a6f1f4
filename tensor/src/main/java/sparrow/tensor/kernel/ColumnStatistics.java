package sparrow.tensor.kernel;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/** Column sums of time-first activations, for norms with statistics over time. */
final class ColumnStatistics {
    /** Number of rows that are summed in f32. */
    private static final int RUN = 64;

    private ColumnStatistics() {}

    /**
     * Returns, for every column, the mean of (x - from), optionally squared, over all rows and the columns of its
     * group.
     */
    static float[] groupMeans(Block x, float[] from, boolean squared, int groups, ComputePool pool) {
        double[] columnSums = columnSums(x, from, squared, pool);
        float[] means = new float[x.columns()];
        int width = means.length / groups;
        for (int g = 0; g < groups; g++) {
            double sum = 0;
            for (int c = g * width; c < (g + 1) * width; c++) sum += columnSums[c];
            Arrays.fill(means, g * width, (g + 1) * width, (float) (sum / ((double) x.rows() * width)));
        }
        return means;
    }

    /** Returns the sum over the rows of (x - from), optionally squared, for each column. */
    private static double[] columnSums(Block x, float[] from, boolean squared, ComputePool pool) {
        // Short runs are summed in f32 and their totals in f64, which is precise enough for minutes of frames.
        int n = x.columns();
        float[][] runs = new float[Math.ceilDiv(x.rows(), RUN)][];
        pool.forEach(runs.length, (long) x.rows() * n, i -> {
            float[] run = new float[n];
            int end = Math.min(x.rows(), (i + 1) * RUN);
            for (int r = i * RUN; r < end; r++) addCentred(x.data(), x.row(r), from, squared, run);
            runs[i] = run;
        });
        double[] total = new double[n];
        for (float[] run : runs) {
            for (int c = 0; c < n; c++) total[c] += run[c];
        }
        return total;
    }

    private static void addCentred(float[] x, int offset, float[] from, boolean squared, float[] sums) {
        int n = sums.length;
        int c = 0;
        for (; c < Lanes.F32.loopBound(n); c += Lanes.COUNT) {
            FloatVector d =
                    FloatVector.fromArray(Lanes.F32, x, offset + c).sub(FloatVector.fromArray(Lanes.F32, from, c));
            if (squared) d = d.mul(d);
            d.add(FloatVector.fromArray(Lanes.F32, sums, c)).intoArray(sums, c);
        }
        for (; c < n; c++) {
            float d = x[offset + c] - from[c];
            sums[c] += squared ? d * d : d;
        }
    }
}
