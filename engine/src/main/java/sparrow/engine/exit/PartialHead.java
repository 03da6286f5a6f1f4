package sparrow.engine.exit;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import sparrow.engine.kernel.Weight;
import sparrow.engine.transformer.ScoreRows;

/**
 * The rows of a whole-vocabulary head that some tokens need, read without the others. A weight can be cut every
 * {@link Weight#ROW_GROUP} rows only, so a few more rows are computed; their logits are masked. The logits of the tokens
 * themselves are those of the whole head, to the bit.
 */
public final class PartialHead implements Head {
    private final int layer;
    private final ScoreRows rows;

    private PartialHead(ExitHead whole, BitSet allowed) {
        List<Weight> parts = new ArrayList<>();
        IntStream.Builder ids = IntStream.builder();
        for (int from = group(allowed.nextSetBit(0)); from >= 0; ) {
            int to = end(whole, allowed, from);
            parts.add(whole.weight().rows(from, to));
            for (int id = from; id < to; id++) ids.add(id);
            from = group(allowed.nextSetBit(to));
        }
        int[] tokens = ids.build().toArray();
        int[] masked = IntStream.range(0, tokens.length)
                .filter(row -> !allowed.get(tokens[row]))
                .toArray();
        layer = whole.layer();
        rows = new ScoreRows(
                whole.rows().translator(), whole.rows().norm(), whole.rows().normEpsilon(), parts, tokens, masked);
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
        boolean all = part.rows.masked().length == 0
                && part.rows.count() == whole.weight().rows();
        return all ? whole : part;
    }

    /** The first row of the group that holds a row; -1 for none. */
    private static int group(int row) {
        return row < 0 ? row : row - row % Weight.ROW_GROUP;
    }

    /** The end of the run of groups that hold an allowed row. */
    private static int end(ExitHead whole, BitSet allowed, int from) {
        int to = from;
        while (to < whole.weight().rows() && group(allowed.nextSetBit(to)) == to) to += Weight.ROW_GROUP;
        return Math.min(to, whole.weight().rows());
    }

    @Override
    public int layer() {
        return layer;
    }

    @Override
    public ScoreRows rows() {
        return rows;
    }
}
