package sparrow.engine.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.Product;
import sparrow.tensor.kernel.Weight;

/** Computes logits on this machine's threads. An array for a number of rows is allocated when it is first needed. */
final class HostHeadKernel implements HeadKernel {
    private final Kernels kernels;
    private final Map<Integer, float[]> scores = new HashMap<>();
    private float[] states = {};
    private float[] translated = {};

    HostHeadKernel(Kernels kernels) {
        this.kernels = kernels;
    }

    @Override
    public List<Logits> logits(HeadWeights weights, List<HiddenState> states) {
        Block scores = memory(states.size(), weights.rows());
        Block inputs = inputRows(weights, states);
        if (weights.parts().size() == 1) kernels.linear(inputs, weights.parts().getFirst(), null, scores);
        else kernels.linear(inputs, products(weights.parts(), scores));
        for (int r = 0; r < scores.rows(); r++) {
            for (int row : weights.masked()) scores.data()[r * scores.columns() + row] = Float.NEGATIVE_INFINITY;
        }
        return ofRows(scores, weights.tokens());
    }

    /** Returns memory for [positions, rows]. A single position always gets the same array. */
    private Block memory(int positions, int rows) {
        float[] memory = positions == 1
                ? scores.computeIfAbsent(rows, float[]::new)
                : new float[Math.multiplyExact(positions, rows)];
        return Block.of(memory, positions, rows);
    }

    /** Creates one product per matrix part. Each product writes to separate columns of the scores. */
    private static List<Product> products(List<Weight> parts, Block scores) {
        List<Product> products = new ArrayList<>();
        int column = 0;
        for (Weight part : parts) {
            products.add(new Product(part, null, scores.columns(column, column + part.rows())));
            column += part.rows();
        }
        return products;
    }

    /** Returns the logits of each position. The scores of a single position are not copied. */
    private static List<Logits> ofRows(Block scores, int[] tokens) {
        if (scores.rows() == 1) return List.of(new HostLogits(scores.data(), tokens));
        List<Logits> all = new ArrayList<>();
        for (int r = 0; r < scores.rows(); r++) all.add(new HostLogits(row(scores, r), tokens));
        return all;
    }

    private static float[] row(Block block, int r) {
        return Arrays.copyOfRange(block.data(), r * block.columns(), (r + 1) * block.columns());
    }

    @Override
    public List<float[]> inputs(HeadWeights weights, List<HiddenState> states) {
        Block inputs = inputRows(weights, states);
        return IntStream.range(0, inputs.rows()).mapToObj(r -> row(inputs, r)).toList();
    }

    /** Returns the states after the translator and the norm, [positions, width]. */
    private Block inputRows(HeadWeights weights, List<HiddenState> from) {
        int width = weights.parts().getFirst().columns();
        int length = from.size() * width;
        if (states.length < length) states = new float[length];
        for (int r = 0; r < from.size(); r++) {
            System.arraycopy(((HostHiddenState) from.get(r)).values(), 0, states, r * width, width);
        }
        Block x = Block.of(states, from.size(), width);
        if (weights.translator() != null) x = translated(weights.translator(), x);
        if (weights.norm() != null) kernels.rmsNorm(x, weights.norm(), weights.normEpsilon(), x);
        return x;
    }

    private Block translated(Linear translator, Block x) {
        int length = x.rows() * x.columns();
        if (translated.length < length) translated = new float[length];
        Block y = Block.of(translated, x.rows(), x.columns());
        translator.apply(kernels, x, y);
        return y;
    }
}
