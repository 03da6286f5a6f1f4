package sparrow.train;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.transformer.Linear;
import sparrow.tensor.Matrix;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.Weight;

/**
 * The rows of a model's output matrix for a head's tokens, or the matrix preceding its depth decoder.
 *
 * @param tokens ascending ids, one per row, or null for the entire vocabulary
 * @param weight rows in the kernels' format, [rows, width]
 * @param bias bias, [rows], or null if there is none
 * @param usable number of rows whose tokens may be chosen; later rows are padding
 */
record OutputRows(LanguageModel model, int[] tokens, Weight weight, float[] bias, int usable) {
    /** Returns all rows. They are not a copy but the model's own matrix. */
    static OutputRows all(LanguageModel model) {
        return new OutputRows(
                model, null, model.transformer().output(), null, model.tokens().usable());
    }

    /** Returns the matrix that precedes the depth decoder. */
    static OutputRows ofFrames(LanguageModel model, Linear front) {
        return new OutputRows(
                model, null, front.weight(), front.bias(), front.weight().rows());
    }

    /**
     * Returns a copy of the given tokens' rows.
     *
     * @param tokens ids of the vocabulary, at least 1
     * @param arena shared arena that owns the copy
     */
    static OutputRows of(LanguageModel model, BitSet tokens, Arena arena) {
        if (tokens.cardinality() == model.transformer().config().vocabulary()) return all(model);
        int[] ids = tokens.stream().toArray();
        int width = model.width();
        float[] values = new float[Math.multiplyExact(ids.length, width)];
        Weight output = model.transformer().output();
        Kernels kernels = model.transformer().kernels();
        // A weight can be split only between groups of rows, so every group that contains a token is unpacked.
        for (int at = 0; at < ids.length; ) {
            int from = ids[at] / Weight.ROW_GROUP * Weight.ROW_GROUP;
            int to = Math.min(output.rows(), from + Weight.ROW_GROUP);
            float[] group = new float[(to - from) * width];
            kernels.unpack(output.rows(from, to), Block.of(group, to - from, width));
            for (; at < ids.length && ids[at] < to; at++) {
                System.arraycopy(group, (ids[at] - from) * width, values, at * width, width);
            }
        }
        Weight weight = kernels.pack(Matrix.copyOf(values, ids.length, width, arena), arena);
        int usable = (int)
                IntStream.of(ids).filter(id -> id < model.tokens().usable()).count();
        return new OutputRows(model, ids, weight, null, usable);
    }

    int rows() {
        return weight.rows();
    }

    int width() {
        return weight.columns();
    }

    int token(int row) {
        return tokens == null ? row : tokens[row];
    }

    /** Returns the row of a token, or a negative number if it has none. */
    int row(int token) {
        return tokens == null ? token : Arrays.binarySearch(tokens, token);
    }

    /** Returns a copy of the matrix as f32, [rows, width]. */
    float[] copy() {
        float[] values = new float[Math.multiplyExact(rows(), width())];
        model.transformer().kernels().unpack(weight, Block.of(values, rows(), width()));
        return values;
    }
}
