package sparrow.bench.jmh;

import java.util.Locale;
import sparrow.tensor.DType;

/**
 * The format of a benchmark's weights in memory.
 *
 * @param type type of the stored matrix
 * @param packed whether the kernels repack the matrix to their own layout, which is f32 panels or quantised groups of
 *     rows; otherwise, they read it as stored
 */
record WeightFormat(DType type, boolean packed) {
    /** Parses the notation of benchmark parameters, such as {@code f32-packed} and {@code bf16-viewed}. */
    static WeightFormat of(String text) {
        int dash = text.indexOf('-');
        return new WeightFormat(
                DType.valueOf(text.substring(0, dash).toUpperCase(Locale.ROOT)),
                text.substring(dash + 1).equals("packed"));
    }

    /** Returns the size of a row in the kernels' layout, in bytes. */
    long rowBytes(int columns) {
        return packed && !type.isQuantised() ? DType.F32.bytes(columns) : type.bytes(columns);
    }
}
