package sparrow.engine.transformer;

import java.util.ArrayList;
import java.util.List;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.kernel.KvPanels;

/**
 * Keys and values of one sequence. Every layer has a length of its own: positions that left early are missing in the
 * layers above their exit until a deeper pass carries them there. Each layer's memory grows with its own length.
 */
public final class KvCache {
    private final List<KvPanels> layers = new ArrayList<>();

    /** An empty cache for a model of these sizes that computes with these kernels. */
    public KvCache(TransformerConfig config, Kernels kernels) {
        for (int i = 0; i < config.layers(); i++) layers.add(kernels.keyValues(config.kvHeads(), config.headWidth()));
    }

    private KvCache() {}

    /** The same keys and values in memory of its own. */
    public KvCache copy() {
        KvCache copy = new KvCache();
        for (KvPanels layer : layers) copy.layers.add(layer.copy());
        return copy;
    }

    /** Positions that a layer (counted from 1) holds. */
    public int length(int layer) {
        return layer(layer).length();
    }

    /** The key of a position in a layer, rotated, [kvHeads * headWidth]. A copy, for looking at. */
    public float[] key(int layer, int position) {
        return layer(layer).key(position);
    }

    /** The value of a position in a layer, [kvHeads * headWidth]. A copy, for looking at. */
    public float[] value(int layer, int position) {
        return layer(layer).value(position);
    }

    /** Bytes of memory that keys and values take up, spare room included. */
    public long bytes() {
        return layers.stream().mapToLong(KvPanels::bytes).sum();
    }

    /** What attention in a layer multiplies with. */
    KvPanels layer(int layer) {
        return layers.get(layer - 1);
    }

    /**
     * Appends key and value of a position.
     *
     * @throws IllegalStateException if an earlier position is missing in this layer: attention would skip it
     */
    void append(int layer, int position, float[] key, int keyOffset, float[] value, int valueOffset) {
        KvPanels panels = layer(layer);
        if (panels.length() != position) {
            throw new IllegalStateException("KV cache of layer " + layer + ": position " + position
                    + " cannot follow the " + panels.length() + " positions that are there");
        }
        panels.append(key, keyOffset, value, valueOffset);
    }
}
