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
 * The rows of a model's output matrix that a head's tokens have, or all of the matrix before its depth decoder.
 *
 * @param tokens ascending ids, one per row; null for the whole vocabulary
 * @param weight the rows, for the kernels: [rows, width]
 * @param bias [rows]; null for none
 * @param usable rows whose token may be chosen; later ones are padding
 */
record OutputRows(LanguageModel model, int[] tokens, Weight weight, float[] bias, int usable) {
    /** All rows: the model's own matrix, not a copy. */
    static OutputRows all(LanguageModel model) {
        return new OutputRows(
                model, null, model.transformer().output(), null, model.tokens().usable());
    }

    /** The matrix that makes frames. */
    static OutputRows ofFrames(LanguageModel model, Linear front) {
        return new OutputRows(
                model, null, front.weight(), front.bias(), front.weight().rows());
    }

    /**
     * Some rows.
     *
     * @param tokens ids of the vocabulary, one or more
     * @param arena owns their copy; shared
     */
    static OutputRows of(LanguageModel model, BitSet tokens, Arena arena) {
        if (tokens.cardinality() == model.transformer().config().vocabulary()) return all(model);
        int[] ids = tokens.stream().toArray();
        int width = model.width();
        float[] values = new float[Math.multiplyExact(ids.length, width)];
        Weight output = model.transformer().output();
        Kernels kernels = model.transformer().kernels();
        // A weight can be cut every group of rows only; a group that holds some of the tokens is unpacked.
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

    /** Row of a token; negative if it has none. */
    int row(int token) {
        return tokens == null ? token : Arrays.binarySearch(tokens, token);
    }

    /** A copy of the matrix as f32, [rows, width]. */
    float[] copy() {
        float[] values = new float[Math.multiplyExact(rows(), width())];
        model.transformer().kernels().unpack(weight, Block.of(values, rows(), width()));
        return values;
    }
}
