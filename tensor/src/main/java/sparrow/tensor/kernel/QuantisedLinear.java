package sparrow.tensor.kernel;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdk.incubator.vector.FloatVector;

/**
 * Products of quantised weights with a few rows of activations. Several products with the same input are one parallel
 * job. The weights are read from memory once and multiplied by up to three rows of activations at a time while the
 * weights are in the cache.
 *
 * <p>A piece consists of four bundles or one of the remaining bundles. If the weight's {@link ReadOrder} reads groups,
 * every piece is one bundle. If there are too few such pieces for the
 * threads, a piece consists of one group from each of four bundles. Threads take pieces dynamically because the cores
 * share the memory bandwidth and can be slowed by other processes.
 */
final class QuantisedLinear {
    /** Maximum number of rows of activations per call. */
    private static final int ROWS = 3;

    /** Prepared activations for each type. */
    private static final ThreadLocal<Map<BlockKernel, BlockKernel.Inputs>> INPUTS =
            ThreadLocal.withInitial(HashMap::new);

    private static final int SIDE = QuantisedWeight.SIDE;
    private static final int GROUPS = QuantisedWeight.GROUPS;

    /** Sums of a piece. */
    private static final ThreadLocal<float[]> SUMS =
            ThreadLocal.withInitial(() -> new float[SIDE * GROUPS * Lanes.COUNT * ROWS]);

    private QuantisedLinear() {}

    /** Computes all products of one input with weights that are {@link QuantisedWeight}s. */
    static void linear(Block x, List<Product> products, ComputePool pool) {
        BlockKernel.Inputs[] inputs = new BlockKernel.Inputs[products.size()];
        Set<BlockKernel.Inputs> ready = new HashSet<>();
        int fours = 0;
        for (int i = 0; i < inputs.length; i++) {
            QuantisedWeight w = (QuantisedWeight) products.get(i).weight();
            inputs[i] = INPUTS.get().computeIfAbsent(w.kernel(), BlockKernel::inputs);
            if (ready.add(inputs[i])) inputs[i].set(x, pool);
            fours += fours(w, x.rows());
        }
        int parts = fours < 2 * pool.threads() ? GROUPS : 1;
        int[] ends = new int[inputs.length];
        int pieces = 0;
        for (int i = 0; i < ends.length; i++) {
            QuantisedWeight w = (QuantisedWeight) products.get(i).weight();
            pieces += fours(w, x.rows()) * parts + w.bundles() - fours(w, x.rows()) * SIDE;
            ends[i] = pieces;
        }
        pool.forEach(pieces, piece -> {
            int i = 0;
            while (ends[i] <= piece) i++;
            Product product = products.get(i);
            int first = i == 0 ? 0 : ends[i - 1];
            int all = fours((QuantisedWeight) product.weight(), x.rows());
            for (int r = 0; r < x.rows(); r += ROWS) {
                piece(inputs[i], r, Math.min(ROWS, x.rows() - r), product, piece - first, parts, all);
            }
        });
    }

    /** Returns the number of pieces of four bundles in a product with a number of rows. */
    private static int fours(QuantisedWeight w, int rows) {
        return rows < w.order().groupRows() ? w.bundles() / SIDE : 0;
    }

    /** Multiplies a piece of a matrix by up to three rows of activations. */
    private static void piece(
            BlockKernel.Inputs x, int row, int rows, Product product, int piece, int parts, int fours) {
        QuantisedWeight w = (QuantisedWeight) product.weight();
        if (piece < fours * parts) {
            int groups = GROUPS / parts;
            int first = piece / parts * SIDE * GROUPS + piece % parts * groups;
            float[] sums = zeros(rows * SIDE * groups);
            for (int block = 0; block < w.blocks(); block += w.run()) {
                x.add(w, w.streamsOfBundles(first, groups, block), block, row, rows, sums, 0);
            }
            store(sums, product, first, groups, GROUPS, row, rows);
        } else {
            int first = (fours * SIDE + piece - fours * parts) * GROUPS;
            for (int group = first; group < first + GROUPS; group += SIDE) {
                float[] sums = zeros(rows * SIDE);
                for (int block = 0; block < w.blocks(); block += w.run()) {
                    x.add(w, w.streamsOfGroups(group, block), block, row, rows, sums, 0);
                }
                store(sums, product, group, 1, 1, row, rows);
            }
        }
    }

    private static float[] zeros(int vectors) {
        float[] sums = SUMS.get();
        Arrays.fill(sums, 0, vectors * Lanes.COUNT, 0);
        return sums;
    }

    /** Writes the sums of streams whose first groups are {@code step} groups apart to the product's output. */
    private static void store(float[] sums, Product product, int first, int groups, int step, int row, int rows) {
        int from = 0;
        for (int group = first; group < first + groups; group++) {
            for (int side = 0; side < SIDE; side++) {
                for (int k = 0; k < rows; k++, from += Lanes.COUNT) {
                    store(sums, from, product, group + side * step, row + k);
                }
            }
        }
    }

    /** Writes a group's outputs for one row, scaled and with the bias added. */
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
