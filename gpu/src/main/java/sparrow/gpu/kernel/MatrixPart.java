package sparrow.gpu.kernel;

import java.util.Optional;
import sparrow.gpu.device.Buffer;

/**
 * Consecutive rows of a {@link DeviceMatrix} in one piece of memory.
 *
 * @param numbers [rows of the piece, pieces of 16 bytes]
 * @param scales [rows of the piece, columns / 32] in f16, of a quantised type
 * @param first the first of these rows in the piece of memory
 * @param rows how many
 */
record MatrixPart(Buffer numbers, Optional<Buffer> scales, int first, int rows) implements AutoCloseable {
    @Override
    public void close() {
        numbers.close();
        scales.ifPresent(Buffer::close);
    }
}
