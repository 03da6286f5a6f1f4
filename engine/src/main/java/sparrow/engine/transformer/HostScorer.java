package sparrow.engine.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import sparrow.engine.kernel.Block;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.kernel.Product;
import sparrow.engine.kernel.Weight;

/** Scores on the threads of this machine. Its arrays are made when they are first needed, and are for rows of any number. */
final class HostScorer implements Scorer {
    private final Kernels kernels;
    private final Map<Integer, float[]> scores = new HashMap<>();
    private float[] states = {};
    private float[] translated = {};

    HostScorer(Kernels kernels) {
        this.kernels = kernels;
    }

    @Override
    public List<Scores> scores(ScoreRows rows, List<State> states) {
        Block scores = memory(states.size(), rows.count());
        Block inputs = multiplied(rows, states);
        if (rows.parts().size() == 1) kernels.linear(inputs, rows.parts().getFirst(), null, scores);
        else kernels.linear(inputs, products(rows.parts(), scores));
        for (int r = 0; r < scores.rows(); r++) {
            for (int row : rows.masked()) scores.data()[r * scores.columns() + row] = Float.NEGATIVE_INFINITY;
        }
        return ofRows(scores, rows.tokens());
    }

    /** Scores of some positions by so many rows; those of a single position always lie in the same array. */
    private Block memory(int positions, int rows) {
        float[] memory = positions == 1
                ? scores.computeIfAbsent(rows, float[]::new)
                : new float[Math.multiplyExact(positions, rows)];
        return Block.of(memory, positions, rows);
    }

    /** Each part into its columns. */
    private static List<Product> products(List<Weight> parts, Block scores) {
        List<Product> products = new ArrayList<>();
        int column = 0;
        for (Weight part : parts) {
            products.add(new Product(part, null, scores.columns(column, column + part.rows())));
            column += part.rows();
        }
        return products;
    }

    /** One by one; those of a single position are not copied. */
    private static List<Scores> ofRows(Block scores, int[] tokens) {
        if (scores.rows() == 1) return List.of(new HostScores(scores.data(), tokens));
        List<Scores> all = new ArrayList<>();
        for (int r = 0; r < scores.rows(); r++) all.add(new HostScores(row(scores, r), tokens));
        return all;
    }

    private static float[] row(Block block, int r) {
        return Arrays.copyOfRange(block.data(), r * block.columns(), (r + 1) * block.columns());
    }

    @Override
    public List<float[]> inputs(ScoreRows rows, List<State> states) {
        Block inputs = multiplied(rows, states);
        return IntStream.range(0, inputs.rows()).mapToObj(r -> row(inputs, r)).toList();
    }

    /** The states after translator and norm, [positions, width]. */
    private Block multiplied(ScoreRows rows, List<State> from) {
        int width = rows.parts().getFirst().columns();
        int length = from.size() * width;
        if (states.length < length) states = new float[length];
        for (int r = 0; r < from.size(); r++) {
            System.arraycopy(((HostState) from.get(r)).values(), 0, states, r * width, width);
        }
        Block x = Block.of(states, from.size(), width);
        if (rows.translator() != null) x = translated(rows.translator(), x);
        if (rows.norm() != null) kernels.rmsNorm(x, rows.norm(), rows.normEpsilon(), x);
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
