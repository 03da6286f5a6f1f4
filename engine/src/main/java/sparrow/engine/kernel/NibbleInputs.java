package sparrow.engine.kernel;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Rows of activations as {@link NibbleDots} multiplies with them: quantised to signed bytes with one f32 scale per block
 * of 32 (the largest magnitude becomes 127), two columns in a word, c and c + 16, and each with 16 times its left
 * neighbour taken off, except at the head of a nibble quadruple. One object serves one thread's products in turn.
 */
final class NibbleInputs {
    private static final int BLOCK = 32;

    private int blocks;
    private int[] words = new int[0];
    private int[] bias = new int[0];
    private float[] scales = new float[0];
    private final int[] quantised = new int[BLOCK];
    private final int[] previous = new int[BLOCK];

    /** Blocks in a row. */
    int blocks() {
        return blocks;
    }

    /** Sixteen words a block: [rows, blocks, 16]. */
    int[] words() {
        return words;
    }

    /** Minus 8 times the sum of the columns 0 to 15 (low half of the word) and 16 to 31 of a block: [rows, blocks]. */
    int[] bias() {
        return bias;
    }

    /** Scale of each block: [rows, blocks]. */
    float[] scales() {
        return scales;
    }

    /** Takes new activations, [rows, columns], columns a multiple of 32. */
    void set(Block x) {
        blocks = x.columns() / BLOCK;
        int count = x.rows() * blocks;
        if (scales.length < count) {
            words = new int[count * BLOCK / 2];
            bias = new int[count];
            scales = new float[count];
        }
        for (int r = 0; r < x.rows(); r++) {
            for (int b = 0; b < blocks; b++) {
                int at = r * blocks + b;
                scales[at] = quantise(x.data(), x.row(r) + b * BLOCK);
                bias[at] = bias(quantised);
                pair(at * BLOCK / 2);
            }
        }
    }

    /** Quantises a block and gives its scale. */
    private float quantise(float[] x, int at) {
        FloatVector largest = FloatVector.zero(Lanes.F32);
        for (int c = 0; c < BLOCK; c += Lanes.COUNT) {
            largest = largest.max(FloatVector.fromArray(Lanes.F32, x, at + c).abs());
        }
        float scale = VectorMath.max(largest) / 127;
        if (!(scale > 0)) {
            Arrays.fill(quantised, 0);
            return scale;
        }
        for (int c = 0; c < BLOCK; c += Lanes.COUNT) {
            // A scale so small that it lost digits must not lead beyond a byte.
            FloatVector q = FloatVector.fromArray(Lanes.F32, x, at + c)
                    .div(scale)
                    .max(-127)
                    .min(127);
            VectorMath.round(q).intoArray(quantised, c);
        }
        return scale;
    }

    private static int bias(int[] quantised) {
        int low = 0;
        int high = 0;
        for (int c = 0; c < BLOCK / 2; c++) {
            low += quantised[c];
            high += quantised[c + BLOCK / 2];
        }
        return (-8 * low & 0xffff) | -8 * high << 16;
    }

    /** Takes 16 times the left neighbours off and joins the halves of the block. */
    private void pair(int to) {
        System.arraycopy(quantised, 0, previous, 1, BLOCK - 1);
        for (int c = 0; c < BLOCK; c += 4) previous[c] = 0;
        for (int c = 0; c < BLOCK / 2; c += Lanes.COUNT) {
            factors(c + BLOCK / 2)
                    .lanewise(VectorOperators.LSHL, 16)
                    .or(factors(c).and(0xffff))
                    .intoArray(words, to + c);
        }
    }

    private IntVector factors(int column) {
        IntVector left = IntVector.fromArray(Lanes.I32, previous, column).lanewise(VectorOperators.LSHL, 4);
        return IntVector.fromArray(Lanes.I32, quantised, column).sub(left);
    }
}
