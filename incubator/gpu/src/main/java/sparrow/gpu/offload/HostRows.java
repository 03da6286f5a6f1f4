package sparrow.gpu.offload;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.Consumer;
import sparrow.engine.kernel.Block;

/**
 * Blocks as one run of numbers each, as they travel: as they lie, where kernels can read or have written them so, else by way of
 * memory that is used again.
 */
final class HostRows {
    /** What the distance of rows is a multiple of where they are laid out anew: the columns of a block of quantised weights. */
    private static final int PADDING = 32;

    /** What the distance of rows is a multiple of in any case: a kernel reads 16 bytes at once. */
    private static final int ALIGNMENT = 4;

    private final int most;
    private float[] laid = new float[0];

    /** @param most numbers of a block, as it is laid out */
    HostRows(int most) {
        this.most = most;
    }

    /**
     * Rows in one run.
     *
     * @param pitch from one row to the next, in numbers
     */
    record Span(MemorySegment numbers, int pitch) {}

    /** From one row of so many columns to the next, where they are laid out. */
    static int pitch(int columns) {
        return Math.ceilDiv(columns, PADDING) * PADDING;
    }

    /**
     * A block's numbers for a linear layer; good until the next call of anything here.
     *
     * @param block of one row or more
     */
    Span span(Block block) {
        int stride = block.rows() == 1 ? block.columns() : block.stride();
        boolean whole = block.columns() % PADDING == 0;
        if (whole && stride > 0 && stride <= block.columns() && stride % ALIGNMENT == 0) {
            // Rows that overlap, as those of a convolution, are sent once.
            int numbers = (block.rows() - 1) * stride + block.columns();
            return new Span(part(block.data(), block.offset(), numbers), stride);
        }
        int pitch = pitch(block.columns());
        float[] rows = laid(block.rows() * pitch);
        for (int r = 0; r < block.rows(); r++) {
            int at = r * pitch;
            System.arraycopy(block.data(), start(block, r), rows, at, block.columns());
            Arrays.fill(rows, at + block.columns(), at + pitch, 0);
        }
        return new Span(part(rows, 0, block.rows() * pitch), pitch);
    }

    /**
     * Fills a block.
     *
     * @param reading gives its numbers, [rows, columns]
     */
    void take(Block block, Consumer<MemorySegment> reading) {
        int numbers = block.rows() * block.columns();
        if (block.stride() == block.columns()) {
            reading.accept(part(block.data(), block.offset(), numbers));
            return;
        }
        float[] rows = laid(numbers);
        reading.accept(part(rows, 0, numbers));
        for (int r = 0; r < block.rows(); r++) {
            System.arraycopy(rows, r * block.columns(), block.data(), start(block, r), block.columns());
        }
    }

    private static int start(Block block, int row) {
        return block.offset() + row * block.stride();
    }

    private float[] laid(int numbers) {
        if (laid.length < numbers) laid = new float[Math.min(most, Math.max(numbers, 2 * laid.length))];
        return laid;
    }

    private static MemorySegment part(float[] values, int at, int numbers) {
        return MemorySegment.ofArray(values).asSlice((long) Float.BYTES * at, (long) Float.BYTES * numbers);
    }
}
