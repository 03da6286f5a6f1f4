package sparrow.engine.kernel;

import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import sparrow.engine.tensor.DType;

/**
 * Quantised weights times a few rows, and several such products on one input as one parallel job. The weights come from
 * memory once, up to three rows of activations at a time are multiplied with them while they are in the cache.
 *
 * <p>Groups of rows are handed out a few at a time: the cores share the memory, and a busy neighbour slows one of them.
 */
final class LaneLinear {
    /** Blocks of columns of one run: its weights stay in the first-level cache while further rows are multiplied. */
    static final int RUN = 64;

    /** Bytes of weights per piece of work: large against the handing out, small against a layer. */
    private static final long PIECE_BYTES = 256 << 10;

    private static final ThreadLocal<NibbleInputs> INPUTS = ThreadLocal.withInitial(NibbleInputs::new);
    /** Outputs of one group, for three rows. */
    private static final ThreadLocal<float[]> SUMS = ThreadLocal.withInitial(() -> new float[3 * Lanes.COUNT]);

    private LaneLinear() {}

    /** All products of one input whose weights are {@link LaneWeight}s. */
    static void linear(Block x, List<Product> products, ComputePool pool) {
        int[] ends = new int[products.size()];
        int pieces = 0;
        boolean nibbles = false;
        for (int i = 0; i < ends.length; i++) {
            LaneWeight w = (LaneWeight) products.get(i).weight();
            nibbles |= w.dtype() == DType.Q4_0;
            pieces += Math.ceilDiv(w.groups(), groupsPerPiece(w));
            ends[i] = pieces;
        }
        NibbleInputs inputs = INPUTS.get();
        if (nibbles) inputs.set(x, pool);
        pool.forEach(pieces, piece -> {
            int i = 0;
            while (ends[i] <= piece) i++;
            Product product = products.get(i);
            LaneWeight w = (LaneWeight) product.weight();
            int groups = groupsPerPiece(w);
            int first = (piece - (i == 0 ? 0 : ends[i - 1])) * groups;
            int end = Math.min(w.groups(), first + groups);
            float[] sums = SUMS.get();
            for (int group = first; group < end; group++) group(x, inputs, w, group, product, sums);
        });
    }

    private static int groupsPerPiece(LaneWeight w) {
        return (int) Math.max(1, PIECE_BYTES / Math.max(1, w.blocks() * w.blockBytes()));
    }

    private static void group(Block x, NibbleInputs inputs, LaneWeight w, int group, Product product, float[] sums) {
        for (int r = 0; r < x.rows(); r += 3) {
            int rows = Math.min(3, x.rows() - r);
            Arrays.fill(sums, 0);
            for (int b = 0; b < w.blocks(); b += RUN) {
                int blocks = Math.min(RUN, w.blocks() - b);
                if (w.dtype() == DType.Q4_0) {
                    NibbleDots.add(w.data(), w.at(group, b), blocks, inputs, r, rows, b, sums);
                } else {
                    Block run = x.rows(r, r + rows).columns(32 * b, 32 * (b + blocks));
                    ByteDots.add(w.data(), w.at(group, b), blocks, run, sums);
                }
            }
            for (int k = 0; k < rows; k++) store(sums, k * Lanes.COUNT, product, group, r + k);
        }
    }

    /** Writes a group's outputs of one row, with their bias. */
    private static void store(float[] sums, int from, Product product, int group, int row) {
        int first = group * Lanes.COUNT;
        int n = Math.min(Lanes.COUNT, product.weight().rows() - first);
        int to = product.y().row(row) + first;
        float[] bias = product.bias();
        if (n == Lanes.COUNT) {
            FloatVector sum = FloatVector.fromArray(Lanes.F32, sums, from);
            if (bias != null) sum = sum.add(FloatVector.fromArray(Lanes.F32, bias, first));
            sum.intoArray(product.y().data(), to);
        } else {
            for (int o = 0; o < n; o++) {
                product.y().data()[to + o] = bias == null ? sums[from + o] : sums[from + o] + bias[first + o];
            }
        }
    }
}
