package sparrow.gpu.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;
import sparrow.tensor.Matrix;

/**
 * Uploads matrices to a device: one below the other, in the smallest number of allocations that the device supports.
 */
final class MatrixUpload {
    /** Number of bytes converted at once. */
    private static final int PART = 1 << 20;

    private static final int SCALE = Short.BYTES;

    private final Device device;
    private final List<Matrix> matrices;
    private final StoredType type;
    private final int columns;
    private final long rowBytes;
    private final List<MatrixPart> parts = new ArrayList<>();

    MatrixUpload(Device device, List<Matrix> matrices, StoredType type) {
        this.device = device;
        this.matrices = matrices;
        this.type = type;
        columns = matrices.getFirst().columns();
        rowBytes = (long) type.pieces(columns) * StoredType.PIECE;
    }

    /**
     * Uploads the matrices, and returns the parts into which they were split.
     *
     * @param largest maximum number of bytes per allocation
     */
    List<MatrixPart> parts(int rows, long largest) {
        int most = Math.clamp(largest / rowBytes, 1, rows);
        try {
            for (int first = 0; first < rows; first += most) add(first, Math.min(most, rows - first));
            return List.copyOf(parts);
        } catch (RuntimeException e) {
            parts.forEach(MatrixPart::close);
            throw e;
        }
    }

    private void add(int first, int rows) {
        MatrixPart part = MatrixPart.allocate(device, type, rows, columns);
        parts.add(part);
        int above = 0;
        for (Matrix w : matrices) {
            int from = Math.max(first - above, 0);
            int to = Math.min(first + rows - above, w.rows());
            if (from < to) copy(w.slice(from, to), part, above + from - first);
            above += w.rows();
        }
    }

    private void copy(Matrix w, MatrixPart part, int to) {
        if (part.scales().isPresent()) {
            copyBlocks(w, part.numbers(), part.scales().get(), (long) to * type.blocks(columns));
        } else {
            copyRows(w, part.numbers(), to * rowBytes);
        }
    }

    /** Copies plain numbers. Rows that need no padding are copied directly from the file. */
    private void copyRows(Matrix w, Buffer to, long at) {
        long bytes = w.rowBytes();
        if (bytes == rowBytes) {
            device.queue().write(to, at, w.data());
            return;
        }
        int atOnce = (int) Math.max(1, PART / rowBytes);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment some = arena.allocate(atOnce * rowBytes, StoredType.PIECE);
            for (int first = 0; first < w.rows(); first += atOnce) {
                int count = Math.min(atOnce, w.rows() - first);
                for (int r = 0; r < count; r++) {
                    MemorySegment.copy(w.data(), (first + r) * bytes, some, r * rowBytes, bytes);
                }
                device.queue().write(to, at + first * rowBytes, some.asSlice(0, count * rowBytes));
            }
        }
    }

    /** Copies blocks, each of which contains a scale and 32 numbers. Scales and numbers are stored separately. */
    private void copyBlocks(Matrix w, Buffer numbers, Buffer scales, long at) {
        int bytes = w.dtype().blockBytes();
        int numberBytes = bytes - SCALE;
        long blocks = w.data().byteSize() / bytes;
        int atOnce = PART / numberBytes;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment someNumbers = arena.allocate((long) atOnce * numberBytes);
            MemorySegment someScales = arena.allocate((long) atOnce * SCALE);
            for (long first = 0; first < blocks; first += atOnce) {
                int count = (int) Math.min(atOnce, blocks - first);
                for (int b = 0; b < count; b++) {
                    long from = (first + b) * bytes;
                    MemorySegment.copy(w.data(), from, someScales, (long) b * SCALE, SCALE);
                    MemorySegment.copy(w.data(), from + SCALE, someNumbers, (long) b * numberBytes, numberBytes);
                }
                long to = at + first;
                device.queue().write(numbers, to * numberBytes, someNumbers.asSlice(0, (long) count * numberBytes));
                device.queue().write(scales, to * SCALE, someScales.asSlice(0, (long) count * SCALE));
            }
        }
    }
}
