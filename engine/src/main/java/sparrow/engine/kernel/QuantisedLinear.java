package sparrow.engine.kernel;

import java.util.Arrays;
import java.util.List;
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

    private static final ThreadLocal<Q4Inputs> INPUTS = ThreadLocal.withInitial(Q4Inputs::new);
    /** Outputs of 64 rows. */
    private static final ThreadLocal<float[]> SUMS = ThreadLocal.withInitial(() -> new float[Weight.ROW_GROUP * ROWS]);

    private QuantisedLinear() {}

    /** All products of one input whose weights are {@link QuantisedWeight}s. */
    static void linear(Block x, List<Product> products, ComputePool pool) {
        int[] ends = new int[products.size()];
        int pieces = 0;
        boolean quantised = false;
        for (int i = 0; i < ends.length; i++) {
            QuantisedWeight w = (QuantisedWeight) products.get(i).weight();
            quantised |= w.kernel().quantisesInputs();
            pieces += w.bundles();
            ends[i] = pieces;
        }
        Q4Inputs inputs = INPUTS.get();
        if (quantised) inputs.set(x, pool);
        pool.forEach(pieces, piece -> {
            int i = 0;
            while (ends[i] <= piece) i++;
            Product product = products.get(i);
            int bundle = piece - (i == 0 ? 0 : ends[i - 1]);
            for (int r = 0; r < x.rows(); r += ROWS) {
                bundle(x.rows(r, Math.min(x.rows(), r + ROWS)), inputs, r, product, bundle);
            }
        });
    }

    /** 64 matrix rows times up to three rows of activations, in the order in which the weights lie. */
    private static void bundle(Block x, Q4Inputs inputs, int row, Product product, int bundle) {
        QuantisedWeight w = (QuantisedWeight) product.weight();
        BlockKernel kernel = w.kernel();
        int width = w.dtype().blockElements();
        float[] sums = SUMS.get();
        Arrays.fill(sums, 0);
        int first = bundle * QuantisedWeight.GROUPS;
        int end = first + QuantisedWeight.GROUPS;
        for (int b = 0; b < w.blocks(); b += QuantisedWeight.RUN) {
            int blocks = Math.min(QuantisedWeight.RUN, w.blocks() - b);
            RunInputs run = new RunInputs(x.columns(width * b, width * (b + blocks)), inputs, row, b);
            for (int group = first; group < end; group++) {
                int to = (group - first) * ROWS * Lanes.COUNT;
                kernel.add(w.data(), w.at(group, b), blocks, run, sums, to);
            }
        }
        for (int group = first; group < end; group++) {
            for (int k = 0; k < x.rows(); k++) {
                store(sums, ((group - first) * ROWS + k) * Lanes.COUNT, product, group, row + k);
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
