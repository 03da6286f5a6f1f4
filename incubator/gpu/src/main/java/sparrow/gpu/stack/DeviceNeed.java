package sparrow.gpu.stack;

import java.util.Locale;
import sparrow.engine.device.DeviceInfo;
import sparrow.engine.device.NoDeviceException;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.transformer.TransformerConfig;

/**
 * The memory that a model needs on a device.
 *
 * @param weights size of the layers and the output matrix in their stored format, in bytes
 * @param context size of a conversation's keys and values for {@link #positions} positions, in bytes
 */
public record DeviceNeed(long weights, long context) {
    /** Factor that reserves memory for passes, heads, and the beginnings of further conversations. */
    private static final double SPARE = 1.05;

    /**
     * Maximum number of positions for which memory must be available. Longer conversations use any remaining memory.
     */
    private static final int MAX_POSITIONS = 8192;

    /**
     * Returns the number of positions for which memory is allocated initially: the model's context length, up to a
     * limit.
     */
    static int positions(TransformerConfig config) {
        return Math.min(config.contextLength(), MAX_POSITIONS);
    }

    /** Returns the memory that a transformer needs. */
    public static DeviceNeed of(Transformer transformer) {
        TransformerConfig config = transformer.config();
        long weights = transformer.output().bytes();
        for (int layer = 1; layer <= config.layers(); layer++) weights += transformer.layerBytes(layer);
        long position = 2L * Float.BYTES * config.layers() * config.kvWidth();
        return new DeviceNeed(weights, position * positions(config));
    }

    /** Returns the total size in bytes. */
    long bytes() {
        return (long) ((weights + context) * SPARE);
    }

    /**
     * Returns the maximum total size of the keys and values of all conversations, in bytes: 4/5 of the device memory
     * not used by weights, because pages are only partly filled, or one context if that is larger.
     */
    long contexts(DeviceInfo device) {
        return Math.max(context, (device.memoryBytes() - weights) / 5 * 4);
    }

    /**
     * Checks that a device has enough memory.
     *
     * @throws NoDeviceException if the device does not have enough memory; the message is one line
     */
    public void require(DeviceInfo device) {
        if (bytes() <= device.memoryBytes()) return;
        throw new NoDeviceException(String.format(
                Locale.ROOT,
                "%s has %.1f GB, the model needs %.1f GB (weights %.1f, context %.1f). Convert it with --quant q4_0, or use"
                        + " --device cpu",
                device.name(),
                device.memoryBytes() / 1e9,
                bytes() / 1e9,
                weights / 1e9,
                context / 1e9));
    }
}
