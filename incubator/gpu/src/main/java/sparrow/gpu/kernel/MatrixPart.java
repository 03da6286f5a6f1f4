package sparrow.gpu.kernel;

import java.util.Optional;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;

/**
 * Consecutive rows of a {@link DeviceMatrix} in one piece of memory.
 *
 * @param numbers [rows of the piece, pieces of 16 bytes]
 * @param scales [rows of the piece, columns / 32] in f16, of a quantised type
 * @param first the first of these rows in the piece of memory
 * @param rows their number
 */
record MatrixPart(Buffer numbers, Optional<Buffer> scales, int first, int rows) implements AutoCloseable {
    /** Memory for so many rows, of undefined content. */
    static MatrixPart allocate(Device device, StoredType type, int rows, int columns) {
        long scaleBytes = (long) rows * type.blocks(columns) * Short.BYTES;
        Buffer numbers = device.allocate((long) rows * type.pieces(columns) * StoredType.PIECE);
        try {
            // Whole words, as the kernel that fills them takes.
            Optional<Buffer> scales = type.scaled()
                    ? Optional.of(device.allocate(Math.ceilDiv(scaleBytes, Integer.BYTES) * Integer.BYTES))
                    : Optional.empty();
            return new MatrixPart(numbers, scales, 0, rows);
        } catch (RuntimeException e) {
            numbers.close();
            throw e;
        }
    }

    @Override
    public void close() {
        numbers.close();
        scales.ifPresent(Buffer::close);
    }
}
