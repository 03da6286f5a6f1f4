package sparrow.gpu.stack;

import sparrow.engine.transformer.TransformerConfig;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;
import sparrow.gpu.kernel.DeviceRows;

/** The activations of a pass on a device, reused by the next pass. */
final class PassMemory implements AutoCloseable {
    private final Pieces pieces;
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

    /** Views of the rows in a pass. */
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
        pieces = new Pieces(device);
        x = pieces.rows(rows, config.width());
        normed = pieces.rows(rows, config.width());
        queryKeyValue = pieces.rows(rows, config.queryWidth() + 2 * config.kvWidth());
        mixed = pieces.rows(rows, config.queryWidth());
        gateUp = pieces.rows(rows, 2 * config.ffnWidth());
        gated = pieces.rows(rows, config.ffnWidth());
        turns = pieces.rows(rows, Math.max(1, 2 * config.rope().dimensions()));
        parts = pieces.buffer(Float.BYTES);
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

    /** Returns memory of at least the given size for the intermediate results of attention. */
    Buffer parts(long bytes) {
        if (parts.bytes() < bytes) {
            Buffer larger = device.allocate(bytes);
            parts.close();
            parts = larger;
        }
        return parts;
    }

    @Override
    public void close() {
        pieces.close();
        parts.close();
    }
}
