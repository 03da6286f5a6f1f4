package sparrow.engine.kernel;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdk.incubator.vector.FloatVector;

/**
 * Quantised weights times a few rows, and several such products on one input as one parallel job. The weights come from
 * memory once, up to three rows of activations at a time are multiplied with them while they are in the cache.
 *
 * <p>Bundles of 64 rows are handed out one at a time: the cores share the memory, and a busy neighbour slows one of them.
 */
final class QuantisedLinear {
    /** Rows of activations that one body takes. */
    private static final int ROWS = 3;

    /** Prepared activations of each type. */
    private static final ThreadLocal<Map<BlockKernel, BlockKernel.Inputs>> INPUTS =
            ThreadLocal.withInitial(HashMap::new);

    /** Outputs of 64 rows. */
    private static final ThreadLocal<float[]> SUMS = ThreadLocal.withInitial(() -> new float[Weight.ROW_GROUP * ROWS]);

    private QuantisedLinear() {}

    /** All products of one input whose weights are {@link QuantisedWeight}s. */
    static void linear(Block x, List<Product> products, ComputePool pool) {
        int[] ends = new int[products.size()];
        BlockKernel.Inputs[] inputs = new BlockKernel.Inputs[ends.length];
        Set<BlockKernel.Inputs> ready = new HashSet<>();
        int pieces = 0;
        for (int i = 0; i < ends.length; i++) {
            QuantisedWeight w = (QuantisedWeight) products.get(i).weight();
            inputs[i] = INPUTS.get().computeIfAbsent(w.kernel(), BlockKernel::inputs);
            if (ready.add(inputs[i])) inputs[i].set(x, pool);
            pieces += w.bundles();
            ends[i] = pieces;
        }
        pool.forEach(pieces, piece -> {
            int i = 0;
            while (ends[i] <= piece) i++;
            Product product = products.get(i);
            int bundle = piece - (i == 0 ? 0 : ends[i - 1]);
            for (int r = 0; r < x.rows(); r += ROWS) {
                bundle(inputs[i], r, Math.min(ROWS, x.rows() - r), product, bundle);
            }
        });
    }

    /** 64 matrix rows times up to three rows of activations, in the order in which the weights lie. */
    private static void bundle(BlockKernel.Inputs x, int row, int rows, Product product, int bundle) {
        QuantisedWeight w = (QuantisedWeight) product.weight();
        float[] sums = SUMS.get();
        Arrays.fill(sums, 0, rows * Weight.ROW_GROUP, 0);
        int first = bundle * QuantisedWeight.GROUPS;
        for (int block = 0; block < w.blocks(); block += w.run()) {
            for (int group = 0; group < QuantisedWeight.GROUPS; group += QuantisedWeight.SIDE) {
                x.add(w, first + group, block, row, rows, sums, group * rows * Lanes.COUNT);
            }
        }
        for (int group = 0; group < QuantisedWeight.GROUPS; group++) {
            for (int k = 0; k < rows; k++) {
                store(sums, (group * rows + k) * Lanes.COUNT, product, first + group, row + k);
            }
        }
    }

    /** Writes a group's outputs of one row, with their bias. */
    private static void store(float[] sums, int from, Product product, int group, int row) {
        int first = group * Lanes.COUNT;
        int n = Math.clamp(product.weight().rows() - first, 0, Lanes.COUNT);
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
