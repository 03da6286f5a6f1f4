package sparrow.engine.transformer;

import java.util.List;
import sparrow.tensor.kernel.Kernels;

/** Keys, values and convolution inputs in this machine's memory. Each layer's memory grows independently. */
final class HostKvMemory implements KvMemory {
    private final Kernels kernels;
    private final List<LayerMemory> layers;

    /** @param layers empty memory for each layer, in layer order */
    HostKvMemory(Kernels kernels, List<LayerMemory> layers) {
        this.kernels = kernels;
        this.layers = List.copyOf(layers);
    }

    @Override
    public HostKvMemory copy() {
        return new HostKvMemory(kernels, layers.stream().map(LayerMemory::copy).toList());
    }

    /** Returns the memory of a layer, counted from 1. */
    LayerMemory layer(int layer) {
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
        return layers.stream().mapToLong(LayerMemory::bytes).sum();
    }

    @Override
    public void truncate(int layer, int slot) {
        LayerMemory memory = layer(layer);
        memory.truncate(Math.min(memory.length(), slot));
    }

    @Override
    public void retain(List<Span> kept) {
        kernels.pool()
                .forEach(
                        layers.size(),
                        bytes() / Float.BYTES,
                        layer -> layers.get(layer).move(kernels, kept));
        for (LayerMemory layer : layers) layer.truncate(Span.length(kept));
    }
}
