package sparrow.bench.jmh;

import java.util.Locale;
import sparrow.tensor.DType;

/**
 * The format of a benchmark's weights in memory.
 *
 * @param type type of the stored matrix
 * @param packed whether the kernels repack it into their own layout, f32 panels or quantised groups of rows; if not,
 *     they read it as it is stored
 */
record WeightFormat(DType type, boolean packed) {
    /** Reads the notation of the benchmarks' parameter: {@code f32-packed}, {@code bf16-viewed}. */
    static WeightFormat of(String text) {
        int dash = text.indexOf('-');
        return new WeightFormat(
                DType.valueOf(text.substring(0, dash).toUpperCase(Locale.ROOT)),
                text.substring(dash + 1).equals("packed"));
    }

    /** Returns the bytes of a row as the kernels read it. */
    long rowBytes(int columns) {
        return packed && !type.isQuantised() ? DType.F32.bytes(columns) : type.bytes(columns);
    }
}
