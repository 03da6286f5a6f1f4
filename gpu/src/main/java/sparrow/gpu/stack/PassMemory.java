package sparrow.gpu.stack;

import sparrow.engine.transformer.TransformerConfig;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;
import sparrow.gpu.kernel.DeviceRows;

/** Activations of a pass on a device, used again by the next. */
final class PassMemory implements AutoCloseable {
    private final DeviceRows x;
    private final DeviceRows normed;
    private final DeviceRows queryKeyValue;
    private final DeviceRows mixed;
    private final DeviceRows gateUp;
    private final DeviceRows gated;
    private final DeviceRows turns;
    private final int rows;
    private final Device device;
    private Buffer parts;

    /** Views of the rows of one pass. */
    record Views(
            DeviceRows x,
            DeviceRows normed,
            DeviceRows queryKeyValue,
            DeviceRows mixed,
            DeviceRows gateUp,
            DeviceRows gated,
            DeviceRows turns) {}

    PassMemory(Device device, TransformerConfig config, int rows) {
        this.device = device;
        this.rows = rows;
        x = DeviceRows.allocate(device, rows, config.width());
        normed = DeviceRows.allocate(device, rows, config.width());
        queryKeyValue = DeviceRows.allocate(device, rows, config.queryWidth() + 2 * config.kvWidth());
        mixed = DeviceRows.allocate(device, rows, config.queryWidth());
        gateUp = DeviceRows.allocate(device, rows, 2 * config.ffnWidth());
        gated = DeviceRows.allocate(device, rows, config.ffnWidth());
        turns = DeviceRows.allocate(device, rows, Math.max(1, 2 * config.rope().dimensions()));
        parts = device.allocate(Float.BYTES);
    }

    int rows() {
        return rows;
    }

    Views views(int count) {
        return new Views(
                x.rows(0, count),
                normed.rows(0, count),
                queryKeyValue.rows(0, count),
                mixed.rows(0, count),
                gateUp.rows(0, count),
                gated.rows(0, count),
                turns.rows(0, count));
    }

    /** Memory between the two steps of attention, of so many bytes at least. */
    Buffer parts(long bytes) {
        if (parts.bytes() < bytes) {
            parts.close();
            parts = device.allocate(bytes);
        }
        return parts;
    }

    @Override
    public void close() {
        x.close();
        normed.close();
        queryKeyValue.close();
        mixed.close();
        gateUp.close();
        gated.close();
        turns.close();
        parts.close();
    }
}
