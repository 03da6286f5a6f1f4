package sparrow.gpu.stack;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.NoMemoryException;
import sparrow.gpu.kernel.KvPool;

/**
 * Memory for keys and values in pages that sequences share: a fork of a sequence holds the same pages, and a page that several
 * hold is copied before one writes to it. Grows by half. To be used under the stack's lock, but for {@link #release}.
 */
final class KvPages {
    private final Device device;
    private final long pageBytes;
    private final int layers;
    private final int kvWidth;
    private final int headWidth;
    private final int positions;
    private Buffer buffer;
    private int capacity;
    private int used;

    /** Sequences that hold a page; guarded by {@code free}. */
    private int[] holders;

    private final Deque<Integer> free = new ArrayDeque<>();

    /** @param positions of a page */
    KvPages(Device device, TransformerConfig config, int positions) {
        this.device = device;
        this.layers = config.layers();
        this.kvWidth = config.kvWidth();
        this.headWidth = config.headWidth();
        this.positions = positions;
        this.pageBytes = 2L * Float.BYTES * layers * config.kvWidth() * positions;
        // A context of the length that the model was made for, if one piece of memory holds it.
        this.capacity = Math.clamp(Math.ceilDiv(DeviceNeed.positions(config), positions), 1, most());
        this.buffer = device.allocate(pageBytes * capacity);
        this.holders = new int[capacity];
    }

    /** The most pages. */
    private int most() {
        return Math.clamp(device.info().largestBytes() / pageBytes, 1, Integer.MAX_VALUE);
    }

    /** The pages as kernels see them. */
    KvPool pool() {
        return new KvPool(buffer, layers, positions);
    }

    /** Positions of a page. */
    int positions() {
        return positions;
    }

    long pageBytes() {
        return pageBytes;
    }

    /** A page of undefined content, held once. */
    int take() {
        if (!available()) grow();
        synchronized (free) {
            int page = free.isEmpty() ? used++ : free.pop();
            holders[page] = 1;
            return page;
        }
    }

    /** True if a page is free. */
    private boolean available() {
        synchronized (free) {
            return !free.isEmpty() || used < capacity;
        }
    }

    /** Grows by half, or by less if there is less memory; if there is none, dropped sequences have to be collected. */
    private void grow() {
        for (int more = Math.max(1, capacity / 2); more > 0; more /= 2) {
            if (grow(more)) return;
        }
        if (ReleaseQueue.collectUntil(() -> available() || grow(1))) return;
        throw new NoMemoryException(device.info().name() + " has no memory for keys and values of more than "
                + (long) capacity * positions + " positions");
    }

    /** Takes memory for so many pages more; false if there is none. */
    private boolean grow(int more) {
        int larger = (int) Math.min(most(), (long) capacity + more);
        if (larger == capacity) return false;
        Optional<Buffer> moved = moved(larger);
        if (moved.isEmpty()) return false;
        buffer.close();
        buffer = moved.get();
        synchronized (free) {
            capacity = larger;
            holders = Arrays.copyOf(holders, capacity);
        }
        return true;
    }

    /** The pages in memory for more of them; empty if there is none. */
    private Optional<Buffer> moved(int more) {
        try {
            Buffer to = device.allocate(pageBytes * more);
            try {
                device.queue().copy(buffer, 0, to, 0, buffer.bytes());
                return Optional.of(to);
            } catch (RuntimeException e) {
                to.close();
                throw e;
            }
        } catch (NoMemoryException e) {
            return Optional.empty();
        }
    }

    /** Holds a page once more. */
    void retain(int page) {
        synchronized (free) {
            holders[page]++;
        }
    }

    /** Holds a page once less; the last holder gives it back. Any thread. */
    void release(int page) {
        synchronized (free) {
            if (--holders[page] == 0) free.push(page);
        }
    }

    /** A page with one holder and the content of another page, which is released if it has more holders. */
    int own(int page) {
        synchronized (free) {
            if (holders[page] == 1) return page;
        }
        int copy = take();
        device.queue().copy(buffer, page * pageBytes, buffer, copy * pageBytes, pageBytes);
        release(page);
        return copy;
    }

    /** The number of pages that sequences hold. */
    int held() {
        synchronized (free) {
            return used - free.size();
        }
    }

    /** A key of a layer, [kvWidth]; waits. */
    float[] key(int page, int layer, int place) {
        float[] block = read(page, layer, 0, kvWidth * positions);
        float[] key = new float[kvWidth];
        for (int c = 0; c < kvWidth; c++) key[c] = block[c * positions + place];
        return key;
    }

    /** A value of a layer, [kvWidth]; waits. */
    float[] value(int page, int layer, int place) {
        float[] value = new float[kvWidth];
        for (int at = 0; at < kvWidth; at += headWidth) {
            float[] head = read(page, layer, (kvWidth + at) * positions + place * headWidth, headWidth);
            System.arraycopy(head, 0, value, at, headWidth);
        }
        return value;
    }

    private float[] read(int page, int layer, int from, int count) {
        float[] numbers = new float[count];
        long layerNumbers = 2L * kvWidth * positions;
        long at = page * pageBytes + Float.BYTES * ((layer - 1) * layerNumbers + from);
        device.queue().read(buffer, at, MemorySegment.ofArray(numbers));
        return numbers;
    }
}
