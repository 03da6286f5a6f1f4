package sparrow.gpu.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import sparrow.engine.tensor.DType;
import sparrow.engine.tensor.Matrix;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.Queue;

/**
 * A weight matrix [rows, columns] on a device, in the numbers of the file. A row is padded with zeros to a multiple of 16
 * bytes, and there are zero rows up to a multiple of 64, so that every reading is whole. Quantised numbers and their scales
 * lie apart: bytes [rows, columns], f16 [rows, columns / 32].
 */
public final class DeviceMatrix implements AutoCloseable {
    private static final int ROW_GROUP = 64;

    /** Bytes that are laid out at once on their way to the device. */
    private static final int PART = 1 << 20;

    private static final int BLOCK = 32;
    private static final int SCALE = Short.BYTES;

    private final StoredType type;
    private final int rows;
    private final int columns;
    private final Buffer numbers;
    private final Optional<Buffer> scales;

    private DeviceMatrix(StoredType type, Matrix w, Buffer numbers, Optional<Buffer> scales) {
        this.type = type;
        this.rows = w.rows();
        this.columns = w.columns();
        this.numbers = numbers;
        this.scales = scales;
    }

    /**
     * Copies a matrix to a device.
     *
     * @param w f32, f16, bf16 or q8_0, with a row and a column at least; may be closed when this returns
     * @throws IllegalArgumentException if it has another type or no numbers, or is larger than what the device allocates at
     *     once
     * @throws sparrow.gpu.device.DeviceException if the device has not enough memory
     */
    public static DeviceMatrix upload(Device device, Matrix w) {
        StoredType type = StoredType.of(w.dtype());
        if (w.rows() < 1 || w.columns() < 1) {
            throw new IllegalArgumentException(
                    "matrix on a device: expected sizes of 1 or more, got " + w.rows() + " x " + w.columns());
        }
        long padded = Math.ceilDiv(w.rows(), ROW_GROUP) * (long) ROW_GROUP;
        long rowBytes = (long) pieces(type, w.columns()) * StoredType.PIECE;
        Buffer numbers = device.allocate(padded * rowBytes);
        try {
            device.queue().clear(numbers, 0, numbers.bytes());
            if (!type.scaled()) {
                copy(device.queue(), w, rowBytes, numbers);
                return new DeviceMatrix(type, w, numbers, Optional.empty());
            }
            Buffer scales = device.allocate(padded * (w.columns() / BLOCK) * SCALE);
            try {
                device.queue().clear(scales, 0, scales.bytes());
                copyBlocks(device.queue(), w, numbers, scales);
                return new DeviceMatrix(type, w, numbers, Optional.of(scales));
            } catch (RuntimeException e) {
                scales.close();
                throw e;
            }
        } catch (RuntimeException e) {
            numbers.close();
            throw e;
        }
    }

    private static int pieces(StoredType type, int columns) {
        return Math.ceilDiv(Math.multiplyExact(columns, type.numberBytes()), StoredType.PIECE);
    }

    /** Plain numbers: whole rows as they lie in the file where they need no padding. */
    private static void copy(Queue queue, Matrix w, long pitch, Buffer to) {
        long bytes = w.rowBytes();
        if (bytes == pitch) {
            queue.write(to, 0, w.data());
            return;
        }
        int rowsAtOnce = (int) Math.max(1, PART / pitch);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment part = arena.allocate(rowsAtOnce * pitch, StoredType.PIECE);
            for (int first = 0; first < w.rows(); first += rowsAtOnce) {
                int count = Math.min(rowsAtOnce, w.rows() - first);
                for (int r = 0; r < count; r++) {
                    MemorySegment.copy(w.data(), (first + r) * bytes, part, r * pitch, bytes);
                }
                queue.write(to, first * pitch, part.asSlice(0, count * pitch));
            }
        }
    }

    /** Blocks of a scale and 32 numbers: each goes its own way. */
    private static void copyBlocks(Queue queue, Matrix w, Buffer numbers, Buffer scales) {
        int blockBytes = DType.Q8_0.blockBytes();
        long blocks = w.data().byteSize() / blockBytes;
        int atOnce = PART / BLOCK;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment someNumbers = arena.allocate((long) atOnce * BLOCK);
            MemorySegment someScales = arena.allocate((long) atOnce * SCALE);
            for (long first = 0; first < blocks; first += atOnce) {
                int count = (int) Math.min(atOnce, blocks - first);
                for (int b = 0; b < count; b++) {
                    long at = (first + b) * blockBytes;
                    MemorySegment.copy(w.data(), at, someScales, (long) b * SCALE, SCALE);
                    MemorySegment.copy(w.data(), at + SCALE, someNumbers, (long) b * BLOCK, BLOCK);
                }
                queue.write(numbers, first * BLOCK, someNumbers.asSlice(0, (long) count * BLOCK));
                queue.write(scales, first * SCALE, someScales.asSlice(0, (long) count * SCALE));
            }
        }
    }

    /** Outputs. */
    public int rows() {
        return rows;
    }

    /** Inputs. */
    public int columns() {
        return columns;
    }

    /** Bytes on the device. */
    public long bytes() {
        return numbers.bytes() + scales.map(Buffer::bytes).orElse(0L);
    }

    StoredType type() {
        return type;
    }

    Buffer numbers() {
        return numbers;
    }

    Optional<Buffer> scales() {
        return scales;
    }

    /** 16 bytes each, of one row. */
    int pieces() {
        return pieces(type, columns);
    }

    @Override
    public void close() {
        numbers.close();
        scales.ifPresent(Buffer::close);
    }

    @Override
    public String toString() {
        return rows + " x " + columns + " " + type;
    }
}
