package sparrow.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One decoded block of ggml's K-quants. It contains 256 numbers in groups, each with a small scale and, in q4_K and
 * q5_K, a minimum. Number i of group g is {@code scale * scales[g] * (codes[i] - offset) - minimum * minima[g]}, each
 * product rounded to f32. An object can be reused for many blocks.
 */
public final class SuperBlock {
    /** Number of elements in a block. */
    public static final int NUMBERS = 256;

    private static final int SCALE_BYTES = 12;

    private final DType type;
    private final int[] codes = new int[NUMBERS];
    private final int[] scales;
    private final int[] minima;
    private float scale;
    private float minimum;

    /**
     * Creates an empty block.
     *
     * @throws IllegalArgumentException if the type is not q4_K, q5_K or q6_K
     */
    public SuperBlock(DType type) {
        int groups = switch (type) {
            case Q4_K, Q5_K -> 8;
            case Q6_K -> 16;
            default -> throw new IllegalArgumentException("expected Q4_K, Q5_K or Q6_K, got " + type);
        };
        this.type = type;
        this.scales = new int[groups];
        this.minima = new int[groups];
    }

    /** Decodes the stored block that begins at byte {@code at}. */
    public void read(MemorySegment from, long at) {
        switch (type) {
            case Q4_K -> {
                scalesAndMinima(from, at);
                nibbles(from, at + 4 + SCALE_BYTES);
            }
            case Q5_K -> {
                scalesAndMinima(from, at);
                nibbles(from, at + 4 + SCALE_BYTES + NUMBERS / 8);
                for (int i = 0; i < NUMBERS; i++) {
                    int high = from.get(ValueLayout.JAVA_BYTE, at + 4 + SCALE_BYTES + i % 32) >> i / 32 & 1;
                    codes[i] |= high << 4;
                }
            }
            default -> sixBits(from, at);
        }
    }

    /** Reads 4-bit codes. The low nibbles of 32 bytes come first, followed by their high nibbles. */
    private void nibbles(MemorySegment from, long at) {
        for (int i = 0; i < NUMBERS; i++) {
            codes[i] = from.get(ValueLayout.JAVA_BYTE, at + i / 64 * 32 + i % 32) >> i / 32 % 2 * 4 & 15;
        }
    }

    /**
     * Reads the scales and minima, which have 6 bits each. The high two bits of the last four groups are stored above
     * the bits of the first four groups.
     */
    private void scalesAndMinima(MemorySegment from, long at) {
        scale = Float.float16ToFloat(from.get(NumberFormat.I16, at));
        minimum = Float.float16ToFloat(from.get(NumberFormat.I16, at + 2));
        for (int g = 0; g < 4; g++) {
            int low = from.get(ValueLayout.JAVA_BYTE, at + 4 + g) & 0xff;
            int middle = from.get(ValueLayout.JAVA_BYTE, at + 8 + g) & 0xff;
            int last = from.get(ValueLayout.JAVA_BYTE, at + 12 + g) & 0xff;
            scales[g] = low & 63;
            minima[g] = middle & 63;
            scales[g + 4] = last & 15 | low >> 6 << 4;
            minima[g + 4] = last >> 4 | middle >> 6 << 4;
        }
    }

    /**
     * Reads q6_K codes. Each half of the block has 64 bytes with the low nibbles and 32 bytes with the upper two bits.
     */
    private void sixBits(MemorySegment from, long at) {
        for (int i = 0; i < NUMBERS; i++) {
            int half = i / 128;
            int quarter = i / 32 % 4;
            int low = from.get(ValueLayout.JAVA_BYTE, at + 64 * half + quarter % 2 * 32 + i % 32) >> quarter / 2 * 4;
            int high = from.get(ValueLayout.JAVA_BYTE, at + 128 + 32 * half + i % 32) >> 2 * quarter;
            codes[i] = low & 15 | (high & 3) << 4;
        }
        for (int g = 0; g < scales.length; g++) scales[g] = from.get(ValueLayout.JAVA_BYTE, at + 192 + g);
        scale = Float.float16ToFloat(from.get(NumberFormat.I16, at + 208));
    }

    /** Writes the 256 numbers to {@code to}, starting at {@code offset}. */
    void values(float[] to, int offset) {
        int size = NUMBERS / scales.length;
        for (int g = 0; g < scales.length; g++) {
            float factor = scale * scales[g];
            float less = minimum * minima[g];
            for (int i = g * size; i < (g + 1) * size; i++) to[offset + i] = factor * (codes[i] - offset()) - less;
        }
    }

    /** Returns the codes of the numbers. Each code is 0 or greater. */
    public int[] codes() {
        return codes;
    }

    /** Returns the code that represents 0 without the minimum. */
    public int offset() {
        return type == DType.Q6_K ? 32 : 0;
    }

    /** Returns the scale of each group. Each scale is a signed byte. */
    public int[] scales() {
        return scales;
    }

    /** Returns the minimum of each group, from 0 to 63. All minima are 0 if the type has none. */
    public int[] minima() {
        return minima;
    }

    /** Returns the factor of all scales. */
    public float scale() {
        return scale;
    }

    /** Returns the factor of all minima, or 0 if the type has none. */
    public float minimum() {
        return minimum;
    }
}
