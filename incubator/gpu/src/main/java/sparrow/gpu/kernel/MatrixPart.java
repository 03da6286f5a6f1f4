package sparrow.gpu.kernel;

import java.util.Optional;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;

/**
 * Consecutive rows of a {@link DeviceMatrix} in one allocation.
 *
 * @param numbers [allocated rows, pieces of 16 bytes]
 * @param scales [allocated rows, columns / 32] in f16, for a quantised type
 * @param first index of the first row in the allocation
 * @param rows number of rows
 */
record MatrixPart(Buffer numbers, Optional<Buffer> scales, int first, int rows) implements AutoCloseable {
    /** Allocates rows with undefined content. */
    static MatrixPart allocate(Device device, StoredType type, int rows, int columns) {
        long scaleBytes = (long) rows * type.blocks(columns) * Short.BYTES;
        Buffer numbers = device.allocate((long) rows * type.pieces(columns) * StoredType.PIECE);
        try {
            // The size is a multiple of the word size, as the filling kernel requires.
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
