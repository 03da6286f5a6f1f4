package sparrow.engine.exit;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import sparrow.engine.kernel.Block;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.kernel.Product;
import sparrow.engine.kernel.Weight;

/**
 * The rows of a whole-vocabulary head that some tokens need, read without the others. A weight can be cut every
 * {@link Weight#ROW_GROUP} rows only, so a few more rows are computed; their logits are masked. The logits of the tokens
 * themselves are those of the whole head, to the bit.
 */
public final class PartialHead implements Head {
    private final ExitHead whole;
    private final List<Weight> parts = new ArrayList<>();
    private final int[] tokens;
    private final int[] masked;

    private PartialHead(ExitHead whole, BitSet allowed) {
        this.whole = whole;
        IntStream.Builder ids = IntStream.builder();
        for (int from = group(allowed.nextSetBit(0)); from >= 0; ) {
            int to = end(allowed, from);
            parts.add(whole.weight().rows(from, to));
            for (int id = from; id < to; id++) ids.add(id);
            from = group(allowed.nextSetBit(to));
        }
        tokens = ids.build().toArray();
        masked = IntStream.range(0, tokens.length)
                .filter(row -> !allowed.get(tokens[row]))
                .toArray();
    }

    /**
     * The part of a head that {@code allowed} needs; the head itself where that is all of it.
     *
     * @param whole a head that covers the vocabulary
     * @param allowed token ids of the vocabulary, one or more
     */
    public static Head of(ExitHead whole, BitSet allowed) {
        if (whole.tokens() != null) {
            throw new IllegalArgumentException("head of layer " + whole.layer() + ": knows some tokens only already");
        }
        if (allowed.isEmpty() || allowed.length() > whole.weight().rows()) {
            throw new IllegalArgumentException("head of layer " + whole.layer() + ": expected 1 or more of its "
                    + whole.weight().rows() + " tokens, got " + allowed.cardinality() + " up to id "
                    + (allowed.length() - 1));
        }
        PartialHead part = new PartialHead(whole, allowed);
        return part.masked.length == 0 && part.tokens.length == whole.weight().rows() ? whole : part;
    }

    /** The first row of the group that holds a row; -1 for none. */
    private static int group(int row) {
        return row < 0 ? row : row - row % Weight.ROW_GROUP;
    }

    /** Where the run of groups that hold an allowed row ends. */
    private int end(BitSet allowed, int from) {
        int to = from;
        while (to < whole.weight().rows() && group(allowed.nextSetBit(to)) == to) to += Weight.ROW_GROUP;
        return Math.min(to, whole.weight().rows());
    }

    @Override
    public int layer() {
        return whole.layer();
    }

    /** Rows computed. */
    public int rows() {
        return tokens.length;
    }

    @Override
    public long bytes() {
        return parts.stream().mapToLong(Weight::bytes).sum() + whole.translatorBytes();
    }

    @Override
    public List<Logits> logits(Kernels kernels, List<float[]> hidden, HeadScratch scratch) {
        Block scores = scratch.scores(hidden.size(), tokens.length);
        kernels.linear(whole.inputs(kernels, hidden, scratch), products(scores));
        for (int r = 0; r < scores.rows(); r++) {
            for (int row : masked) scores.data()[r * tokens.length + row] = Float.NEGATIVE_INFINITY;
        }
        return Logits.ofRows(scores, tokens);
    }

    /** Each part into its columns. */
    private List<Product> products(Block scores) {
        List<Product> products = new ArrayList<>();
        int column = 0;
        for (Weight part : parts) {
            products.add(new Product(part, null, scores.columns(column, column + part.rows())));
            column += part.rows();
        }
        return products;
    }
}
