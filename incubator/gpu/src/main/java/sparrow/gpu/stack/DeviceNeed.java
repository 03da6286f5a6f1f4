package sparrow.gpu.stack;

import java.util.Locale;
import sparrow.engine.device.DeviceInfo;
import sparrow.engine.device.NoDeviceException;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.transformer.TransformerConfig;

/**
 * Memory that a model needs on a device.
 *
 * @param weights bytes of the layers and of the output matrix, as they are stored
 * @param context bytes of keys and values of one conversation, of {@link #positions} positions
 */
public record DeviceNeed(long weights, long context) {
    /** The factor on both that leaves memory for passes, for heads, and for the beginnings of further conversations. */
    private static final double SPARE = 1.05;

    /** Positions of the longest conversation that must have room; a longer one takes what is left. */
    private static final int MAX_POSITIONS = 8192;

    /** Positions that keys and values have memory for from the beginning: as many as a model was made for, within reason. */
    static int positions(TransformerConfig config) {
        return Math.min(config.contextLength(), MAX_POSITIONS);
    }

    /** The memory that a transformer needs. */
    public static DeviceNeed of(Transformer transformer) {
        TransformerConfig config = transformer.config();
        long weights = transformer.output().bytes();
        for (int layer = 1; layer <= config.layers(); layer++) weights += transformer.layerBytes(layer);
        long position = 2L * Float.BYTES * config.layers() * config.kvWidth();
        return new DeviceNeed(weights, position * positions(config));
    }

    /** All of it. */
    long bytes() {
        return (long) ((weights + context) * SPARE);
    }

    /**
     * Bytes that keys and values of many conversations may take together: four fifths of a device's memory beside the weights,
     * since pages of memory are not full, or one context if that is more.
     */
    long contexts(DeviceInfo device) {
        return Math.max(context, (device.memoryBytes() - weights) / 5 * 4);
    }

    /** @throws NoDeviceException in one line if a device has less */
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
