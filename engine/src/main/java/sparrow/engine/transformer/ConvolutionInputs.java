package sparrow.engine.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The inputs of a {@link ShortConvolution} for all positions of a sequence, as f32. The next position reads only the
 * last K - 1 inputs; the earlier inputs are stored so that a sequence can be truncated anywhere without recomputation.
 * Memory grows in blocks, without copying.
 *
 * <p>A thread must not read while another thread appends.
 */
final class ConvolutionInputs {
    private static final int BLOCK_ROWS = 64;

    private final int width;
    private final List<float[]> blocks = new ArrayList<>();
    private int length;

    ConvolutionInputs(int width) {
        this.width = width;
    }

    ConvolutionInputs copy() {
        ConvolutionInputs copy = new ConvolutionInputs(width);
        for (float[] block : blocks) copy.blocks.add(block.clone());
        copy.length = length;
        return copy;
    }

    /** Returns the number of rows. */
    int length() {
        return length;
    }

    /** Returns the number of bytes of allocated memory. */
    long bytes() {
        return (long) blocks.size() * BLOCK_ROWS * width * Float.BYTES;
    }

    /** Appends the elementwise product of gate and input, [width] each, which are read starting at {@code at}. */
    void append(float[] gate, float[] input, int at) {
        if (length == blocks.size() * BLOCK_ROWS) blocks.add(new float[BLOCK_ROWS * width]);
        float[] block = blocks.get(length / BLOCK_ROWS);
        int to = length % BLOCK_ROWS * width;
        for (int c = 0; c < width; c++) block[to + c] = gate[at + c] * input[at + c];
        length++;
    }

    /**
     * Computes the convolution's output at a slot: the weighted sum of the slot's row and the K - 1 rows before it.
     *
     * @param taps weight of each row and channel, [K][width]; the last weight applies to the row at {@code slot}
     * @param slot slot of the last row; rows before slot 0 are considered to be 0
     * @param y array that receives the sum, [width], starting at {@code at}
     */
    void convolve(float[][] taps, int slot, float[] y, int at) {
        Arrays.fill(y, at, at + width, 0);
        for (int k = Math.max(0, taps.length - 1 - slot); k < taps.length; k++) {
            int row = slot - (taps.length - 1 - k);
            float[] tap = taps[k];
            float[] block = blocks.get(row / BLOCK_ROWS);
            int from = row % BLOCK_ROWS * width;
            for (int c = 0; c < width; c++) y[at + c] += tap[c] * block[from + c];
        }
    }

    /** Returns a copy of a row. */
    float[] row(int slot) {
        if (slot < 0 || slot >= length) {
            throw new IllegalArgumentException(
                    "position: expected 0 or greater and less than the " + length + " held, got " + slot);
        }
        int from = slot % BLOCK_ROWS * width;
        return Arrays.copyOfRange(blocks.get(slot / BLOCK_ROWS), from, from + width);
    }

    /** Copies a row to an earlier slot. */
    void move(int slot, int to) {
        if (slot == to) return;
        System.arraycopy(
                blocks.get(slot / BLOCK_ROWS),
                slot % BLOCK_ROWS * width,
                blocks.get(to / BLOCK_ROWS),
                to % BLOCK_ROWS * width,
                width);
    }

    /** Removes the rows at slot {@code to} and later slots. At most one unused block remains allocated. */
    void truncate(int to) {
        length = Math.min(length, to);
        int needed = Math.ceilDiv(length, BLOCK_ROWS) + 1;
        if (blocks.size() > needed) blocks.subList(needed, blocks.size()).clear();
    }
}
