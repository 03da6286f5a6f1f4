package sparrow.tensor.kernel;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/** The norms of {@link VectorKernels}. */
final class VectorNorms {
    /** Number of rows whose sum is computed as f32. */
    private static final int RUN = 64;

    private VectorNorms() {}

    /** Implements {@link Kernels#rmsNorm}. */
    static void rms(Block x, float[] weight, float epsilon, Block y, ComputePool pool) {
        pool.forEach(x.rows(), 2L * x.rows() * x.columns(), r -> {
            float squares = VectorMath.dot(x.data(), x.row(r), x.data(), x.row(r), x.columns());
            float scale = (float) (1 / Math.sqrt(squares / x.columns() + epsilon));
            normed(x, r, 0, scale, weight, null, y);
        });
    }

    /** Implements {@link Kernels#layerNorm}. */
    static void layer(Block x, float[] weight, float[] bias, float epsilon, Block y, ComputePool pool) {
        x.forEachRow(pool, r -> {
            float mean = sum(x.data(), x.row(r), x.columns()) / x.columns();
            float variance = squaredDistance(x.data(), x.row(r), x.columns(), mean) / x.columns();
            normed(x, r, mean, (float) (1 / Math.sqrt(variance + epsilon)), weight, bias, y);
        });
    }

    /** Computes y[r] = (x[r] - mean) * scale * weight + bias. */
    private static void normed(Block x, int r, float mean, float scale, float[] weight, float[] bias, Block y) {
        int n = x.columns();
        int from = x.row(r);
        int to = y.row(r);
        int c = 0;
        for (; c < Lanes.F32.loopBound(n); c += Lanes.COUNT) {
            FloatVector v = FloatVector.fromArray(Lanes.F32, x.data(), from + c)
                    .sub(mean)
                    .mul(scale)
                    .mul(FloatVector.fromArray(Lanes.F32, weight, c));
            if (bias != null) v = v.add(FloatVector.fromArray(Lanes.F32, bias, c));
            v.intoArray(y.data(), to + c);
        }
        for (; c < n; c++) {
            float v = (x.data()[from + c] - mean) * scale * weight[c];
            y.data()[to + c] = bias == null ? v : v + bias[c];
        }
    }

    /** Implements {@link Kernels#groupNorm}. */
    static void group(Block x, int groups, float[] weight, float[] bias, float epsilon, Block y, ComputePool pool) {
        int n = x.columns();
        float[] mean = groupMeans(x, new float[n], false, groups, pool);
        float[] factor = groupMeans(x, mean, true, groups, pool);
        for (int c = 0; c < n; c++) factor[c] = (float) (weight[c] / Math.sqrt(factor[c] + epsilon));
        x.forEachRow(pool, r -> {
            int from = x.row(r);
            int to = y.row(r);
            int c = 0;
            for (; c < Lanes.F32.loopBound(n); c += Lanes.COUNT) {
                FloatVector.fromArray(Lanes.F32, x.data(), from + c)
                        .sub(FloatVector.fromArray(Lanes.F32, mean, c))
                        .fma(FloatVector.fromArray(Lanes.F32, factor, c), FloatVector.fromArray(Lanes.F32, bias, c))
                        .intoArray(y.data(), to + c);
            }
            for (; c < n; c++) y.data()[to + c] = (x.data()[from + c] - mean[c]) * factor[c] + bias[c];
        });
    }

    private static float sum(float[] x, int offset, int n) {
        FloatVector sums = FloatVector.zero(Lanes.F32);
        int i = 0;
        for (; i < Lanes.F32.loopBound(n); i += Lanes.COUNT) {
            sums = sums.add(FloatVector.fromArray(Lanes.F32, x, offset + i));
        }
        float sum = VectorMath.sum(sums);
        for (; i < n; i++) sum += x[offset + i];
        return sum;
    }

    private static float squaredDistance(float[] x, int offset, int n, float from) {
        FloatVector sums = FloatVector.zero(Lanes.F32);
        int i = 0;
        for (; i < Lanes.F32.loopBound(n); i += Lanes.COUNT) {
            FloatVector d = FloatVector.fromArray(Lanes.F32, x, offset + i).sub(from);
            sums = d.fma(d, sums);
        }
        float sum = VectorMath.sum(sums);
        for (; i < n; i++) sum += (x[offset + i] - from) * (x[offset + i] - from);
        return sum;
    }

    /**
     * Returns, for every column, the mean of (x - from), optionally squared, over all rows and the columns of its
     * group.
     */
    private static float[] groupMeans(Block x, float[] from, boolean squared, int groups, ComputePool pool) {
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
        // Short runs are summed as f32 and their totals as f64, which is precise enough for minutes of frames.
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
