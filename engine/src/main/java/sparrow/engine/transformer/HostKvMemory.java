package sparrow.engine.transformer;

import java.util.ArrayList;
import java.util.List;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.kernel.KvPanels;

/** Keys and values in the layout of this machine's kernels. Each layer's memory grows with its own length. */
final class HostKvMemory implements KvMemory {
    private final Kernels kernels;
    private final List<KvPanels> layers = new ArrayList<>();

    HostKvMemory(TransformerConfig config, Kernels kernels) {
        this.kernels = kernels;
        for (int i = 0; i < config.layers(); i++) layers.add(kernels.keyValues(config.kvHeads(), config.headWidth()));
    }

    private HostKvMemory(Kernels kernels) {
        this.kernels = kernels;
    }

    @Override
    public HostKvMemory copy() {
        HostKvMemory copy = new HostKvMemory(kernels);
        for (KvPanels layer : layers) copy.layers.add(layer.copy());
        return copy;
    }

    /** The keys and values that attention in a layer multiplies with. */
    KvPanels layer(int layer) {
        return layers.get(layer - 1);
    }

    @Override
    public float[] key(int layer, int slot) {
        return layer(layer).key(slot);
    }

    @Override
    public float[] value(int layer, int slot) {
        return layer(layer).value(slot);
    }

    @Override
    public long bytes() {
        return layers.stream().mapToLong(KvPanels::bytes).sum();
    }

    @Override
    public void truncate(int layer, int slot) {
        KvPanels panels = layer(layer);
        panels.truncate(Math.min(panels.length(), slot));
    }

    @Override
    public void keep(List<Span> kept, Rope rope) {
        kernels.pool().forEach(layers.size(), bytes() / Float.BYTES, layer -> keep(layers.get(layer), kept, rope));
        for (KvPanels layer : layers) layer.truncate(Span.length(kept));
    }

    private void keep(KvPanels layer, List<Span> kept, Rope rope) {
        int to = 0;
        for (Span span : kept) {
            // What stays where it is keeps every bit.
            if (to < span.first()) {
                float[] back = rope.angles(to - span.first());
                layer.move(span.first(), span.end(), to, key -> rope.rotate(kernels, key, 0, back));
            }
            to += span.length();
        }
    }
}
