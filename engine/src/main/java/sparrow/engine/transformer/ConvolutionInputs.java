package sparrow.engine.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The inputs of a {@link ShortConvolution} of all positions of a sequence, in f32. Only the last K - 1 are read by the next position;
 * the others are kept so that a sequence can be cut anywhere without computing anything again. Grows block by block, without a copy.
 *
 * <p>One thread appends while none reads.
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

    /** Rows held. */
    int length() {
        return length;
    }

    /** Bytes of memory, spare room included. */
    long bytes() {
        return (long) blocks.size() * BLOCK_ROWS * width * Float.BYTES;
    }

    /** Appends gate * input, channel by channel, [width] each from {@code at} on. */
    void append(float[] gate, float[] input, int at) {
        if (length == blocks.size() * BLOCK_ROWS) blocks.add(new float[BLOCK_ROWS * width]);
        float[] block = blocks.get(length / BLOCK_ROWS);
        int to = length % BLOCK_ROWS * width;
        for (int c = 0; c < width; c++) block[to + c] = gate[at + c] * input[at + c];
        length++;
    }

    /**
     * Adds up rows.
     *
     * @param taps weight of each row and channel, [K][width], the last row's at the end
     * @param slot of the last row; rows before the first are 0
     * @param y the sum, [width] from {@code at} on
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

    /** A row, a copy. */
    float[] row(int slot) {
        if (slot < 0 || slot >= length) {
            throw new IllegalArgumentException(
                    "position: expected 0 or greater and less than the " + length + " held, got " + slot);
        }
        int from = slot % BLOCK_ROWS * width;
        return Arrays.copyOfRange(blocks.get(slot / BLOCK_ROWS), from, from + width);
    }

    /** Copies a row over an earlier one. */
    void move(int slot, int to) {
        if (slot == to) return;
        System.arraycopy(
                blocks.get(slot / BLOCK_ROWS),
                slot % BLOCK_ROWS * width,
                blocks.get(to / BLOCK_ROWS),
                to % BLOCK_ROWS * width,
                width);
    }

    /** Forgets the rows from one on, and the memory of whole blocks of them but one. */
    void truncate(int to) {
        length = Math.min(length, to);
        int needed = Math.ceilDiv(length, BLOCK_ROWS) + 1;
        if (blocks.size() > needed) blocks.subList(needed, blocks.size()).clear();
    }
}
