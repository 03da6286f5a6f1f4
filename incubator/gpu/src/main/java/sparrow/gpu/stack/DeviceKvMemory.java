package sparrow.gpu.stack;

import java.lang.ref.Reference;
import java.util.List;
import sparrow.engine.transformer.KvMemory;
import sparrow.engine.transformer.Span;

/**
 * Keys and values of a sequence, stored in pages on a device. The pages are released when the sequence becomes
 * unreachable.
 */
final class DeviceKvMemory implements KvMemory {
    private final GpuStack stack;
    private final PageList pages;

    /** Number of slots stored in each layer. */
    private final int[] lengths;

    DeviceKvMemory(GpuStack stack, PageList pages, int[] lengths) {
        this.stack = stack;
        this.pages = pages;
        this.lengths = lengths;
        stack.releaseWith(this, pages);
    }

    PageList pages() {
        return pages;
    }

    int length(int layer) {
        return lengths[layer - 1];
    }

    /**
     * Reserves memory for a slot, which must not be after the next free slot of the layer. The stack's lock must be
     * held.
     */
    void extend(int layer, int slot, int positions) {
        pages.write(slot / positions);
        lengths[layer - 1] = slot + 1;
    }

    @Override
    public float[] key(int layer, int slot) {
        return stack.key(this, layer, slot);
    }

    @Override
    public float[] value(int layer, int slot) {
        return stack.value(this, layer, slot);
    }

    @Override
    public long bytes() {
        return stack.pageBytes() * pages.count();
    }

    @Override
    public void truncate(int layer, int slot) {
        lengths[layer - 1] = Math.min(lengths[layer - 1], slot);
        int most = 0;
        for (int length : lengths) most = Math.max(most, length);
        pages.shorten(Math.ceilDiv(most, stack.pagePositions()));
    }

    @Override
    public void retain(List<Span> kept) {
        stack.keep(this, kept);
        for (int layer = 0; layer < lengths.length; layer++) lengths[layer] = Span.length(kept);
    }

    @Override
    public DeviceKvMemory copy() {
        PageList copy = pages.copy();
        Reference.reachabilityFence(this);
        return new DeviceKvMemory(stack, copy, lengths.clone());
    }
}
