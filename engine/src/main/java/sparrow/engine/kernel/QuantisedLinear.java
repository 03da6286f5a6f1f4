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
 * <p>Pieces of 64 rows are handed out in runs: the cores share the memory, and a busy neighbour slows one of them.
 */
final class QuantisedLinear {
    /** Rows of activations that one body takes. */
    private static final int ROWS = 3;

    /** Prepared activations of each type. */
    private static final ThreadLocal<Map<BlockKernel, BlockKernel.Inputs>> INPUTS =
            ThreadLocal.withInitial(HashMap::new);

    /** Outputs of the groups that stand side by side. */
    private static final ThreadLocal<float[]> SUMS =
            ThreadLocal.withInitial(() -> new float[QuantisedWeight.SIDE * Lanes.COUNT * ROWS]);

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
            int first = i == 0 ? 0 : ends[i - 1];
            for (int r = 0; r < x.rows(); r += ROWS) {
                piece(inputs[i], r, Math.min(ROWS, x.rows() - r), product, piece - first);
            }
        });
    }

    /**
     * 64 matrix rows times up to three rows of activations: a bundle, or where matrix rows are short the same groups of four bundles,
     * so that four pieces read four bundles from end to end.
     */
    private static void piece(BlockKernel.Inputs x, int row, int rows, Product product, int piece) {
        QuantisedWeight w = (QuantisedWeight) product.weight();
        int sides = QuantisedWeight.GROUPS / QuantisedWeight.SIDE;
        int four = piece / QuantisedWeight.SIDE * QuantisedWeight.SIDE;
        boolean across = w.hasShortStreams() && four + QuantisedWeight.SIDE <= w.bundles();
        for (int side = 0; side < sides; side++) {
            int group = across
                    ? four * QuantisedWeight.GROUPS + piece % QuantisedWeight.SIDE * sides + side
                    : piece * QuantisedWeight.GROUPS + side * QuantisedWeight.SIDE;
            side(x, row, rows, product, group, across ? QuantisedWeight.GROUPS : 1);
        }
    }

    /** Groups that stand {@code step} apart. */
    private static void side(BlockKernel.Inputs x, int row, int rows, Product product, int first, int step) {
        QuantisedWeight w = (QuantisedWeight) product.weight();
        float[] sums = SUMS.get();
        Arrays.fill(sums, 0, rows * QuantisedWeight.SIDE * Lanes.COUNT, 0);
        for (int block = 0; block < w.blocks(); block += w.run()) {
            QuantisedWeight.Place place = w.place(first, block);
            x.add(w, step == 1 ? place : place.at(w.bundleBytes()), block, row, rows, sums, 0);
        }
        for (int i = 0; i < QuantisedWeight.SIDE; i++) {
            int group = first + i * step;
            for (int k = 0; k < rows; k++) store(sums, (i * rows + k) * Lanes.COUNT, product, group, row + k);
        }
    }

    /** Writes a group's outputs of one row, in their size, with their bias. */
    private static void store(float[] sums, int from, Product product, int group, int row) {
        int first = group * Lanes.COUNT;
        int n = Math.clamp(product.weight().rows() - first, 0, Lanes.COUNT);
        int to = product.y().row(row) + first;
        float scale = ((QuantisedWeight) product.weight()).scale(group);
        float[] bias = product.bias();
        if (n == Lanes.COUNT) {
            FloatVector sum = FloatVector.fromArray(Lanes.F32, sums, from).mul(scale);
            if (bias != null) sum = sum.add(FloatVector.fromArray(Lanes.F32, bias, first));
            sum.intoArray(product.y().data(), to);
        } else {
            for (int o = 0; o < n; o++) {
                float sum = sums[from + o] * scale;
                product.y().data()[to + o] = bias == null ? sum : sum + bias[first + o];
            }
        }
    }
}
