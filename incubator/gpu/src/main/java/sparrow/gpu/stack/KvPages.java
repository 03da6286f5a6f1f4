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
 * Memory for keys and values in pages that sequences share. A fork of a sequence shares its pages, and a shared page is
 * copied before a sequence writes to it. The memory grows by half. Except for {@link #release}, the stack's lock must
 * be held.
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

    /** Number of sequences that use each page; guarded by {@code free}. */
    private int[] holders;

    private final Deque<Integer> free = new ArrayDeque<>();

    /**
     * Allocates the memory.
     *
     * @param positions number of positions per page
     */
    KvPages(Device device, TransformerConfig config, int positions) {
        this.device = device;
        this.layers = config.layers();
        this.kvWidth = config.kvWidth();
        this.headWidth = config.headWidth();
        this.positions = positions;
        this.pageBytes = 2L * Float.BYTES * layers * config.kvWidth() * positions;
        // The initial capacity is one context of the model, or less if that exceeds the maximum allocation.
        this.capacity = Math.clamp(Math.ceilDiv(DeviceNeed.positions(config), positions), 1, most());
        this.buffer = device.allocate(pageBytes * capacity);
        this.holders = new int[capacity];
    }

    private int most() {
        return Math.clamp(device.info().largestBytes() / pageBytes, 1, Integer.MAX_VALUE);
    }

    /** Returns the pages as an argument of kernels. */
    KvPool pool() {
        return new KvPool(buffer, layers, positions);
    }

    int positions() {
        return positions;
    }

    long pageBytes() {
        return pageBytes;
    }

    /** Reserves a page for one sequence. The content of the page is undefined. */
    int take() {
        if (!available()) grow();
        synchronized (free) {
            int page = free.isEmpty() ? used++ : free.pop();
            holders[page] = 1;
            return page;
        }
    }

    private boolean available() {
        synchronized (free) {
            return !free.isEmpty() || used < capacity;
        }
    }

    /**
     * Increases the number of pages by half, or by less if the device has less free memory. If the device has no free
     * memory, waits for unreachable sequences to be collected.
     */
    private void grow() {
        for (int more = Math.max(1, capacity / 2); more > 0; more /= 2) {
            if (grow(more)) return;
        }
        if (ReleaseQueue.collectUntil(() -> available() || grow(1))) return;
        throw new NoMemoryException(device.info().name() + " has no memory for keys and values of more than "
                + (long) capacity * positions + " positions");
    }

    /** Allocates memory for additional pages. Returns false if the device does not have enough memory. */
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

    /**
     * Copies the pages to memory for {@code more} pages in total. Returns empty if the device does not have enough
     * memory.
     */
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

    /** Adds a sequence to the users of a page. */
    void retain(int page) {
        synchronized (free) {
            holders[page]++;
        }
    }

    /** Removes a sequence from the users of a page. The page is freed when its last user is removed. Thread-safe. */
    void release(int page) {
        synchronized (free) {
            if (--holders[page] == 0) free.push(page);
        }
    }

    /** Returns the page itself if only one sequence uses it. Otherwise, returns a copy, and releases the page. */
    int own(int page) {
        synchronized (free) {
            if (holders[page] == 1) return page;
        }
        int copy = take();
        device.queue().copy(buffer, page * pageBytes, buffer, copy * pageBytes, pageBytes);
        release(page);
        return copy;
    }

    int held() {
        synchronized (free) {
            return used - free.size();
        }
    }

    /** Returns a key of a layer, [kvWidth]; waits for the enqueued work. */
    float[] key(int page, int layer, int place) {
        float[] block = read(page, layer, 0, kvWidth * positions);
        float[] key = new float[kvWidth];
        for (int c = 0; c < kvWidth; c++) key[c] = block[c * positions + place];
        return key;
    }

    /** Returns a value of a layer, [kvWidth]; waits for the enqueued work. */
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
