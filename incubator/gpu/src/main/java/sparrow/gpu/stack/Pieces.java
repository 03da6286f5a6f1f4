package sparrow.gpu.stack;

import java.util.ArrayList;
import java.util.List;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;
import sparrow.gpu.kernel.DeviceRows;

/**
 * Memory blocks that are allocated together and released together. If an allocation fails, no block remains allocated.
 */
final class Pieces implements AutoCloseable {
    private final Device device;
    private final List<Buffer> buffers = new ArrayList<>();

    Pieces(Device device) {
        this.device = device;
    }

    DeviceRows rows(int rows, int columns) {
        try {
            DeviceRows piece = DeviceRows.allocate(device, rows, columns);
            buffers.add(piece.buffer());
            return piece;
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    Buffer buffer(long bytes) {
        try {
            Buffer piece = device.allocate(bytes);
            buffers.add(piece);
            return piece;
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    @Override
    public void close() {
        buffers.forEach(Buffer::close);
    }
}
