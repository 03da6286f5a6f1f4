package sparrow.gpu.stack;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.DeviceException;
import sparrow.gpu.kernel.KvPool;

/**
 * Memory for keys and values in pages that sequences share: who forks a sequence holds the same pages, and who writes to a
 * page that others hold copies it before. Grows by half. To be used under the stack's lock, but for {@link #release}.
 */
final class KvPages {
    /** How often a collection of garbage is waited for, longer each time: about a second in all. */
    private static final int PATIENCE = 9;

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
        // A context of the length that the model was made for, where one piece of memory holds it.
        this.capacity = Math.clamp(Math.ceilDiv(config.contextLength(), positions), 1, most());
        this.buffer = device.allocate(pageBytes * capacity);
        this.holders = new int[capacity];
    }

    /** The most pages. */
    private int most() {
        return Math.clamp(device.facts().largestBytes() / pageBytes, 1, Integer.MAX_VALUE);
    }

    /** As kernels see them. */
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

    private boolean available() {
        synchronized (free) {
            return !free.isEmpty() || used < capacity;
        }
    }

    private void grow() {
        int more = (int) Math.min(most(), capacity + Math.max(1, capacity / 2L));
        if (more > capacity) {
            try {
                Buffer larger = device.allocate(pageBytes * more);
                device.queue().copy(buffer, 0, larger, 0, pageBytes * capacity);
                buffer.close();
                buffer = larger;
                synchronized (free) {
                    holders = Arrays.copyOf(holders, more);
                    capacity = more;
                }
                return;
            } catch (DeviceException e) {
                collect(e.getMessage());
                return;
            }
        }
        collect("it allocates no more than " + device.facts().largestBytes() + " bytes at once");
    }

    /** The JVM does not feel what a dropped sequence holds here, so that it has to be told. */
    private void collect(String reason) {
        for (int i = 0; i < PATIENCE; i++) {
            System.gc();
            try {
                Thread.sleep(1L << i);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
            if (available()) return;
        }
        throw new IllegalStateException(
                "gpu: " + device.facts().name() + " has no memory for more keys and values than "
                        + (long) capacity * positions + " positions: " + reason);
    }

    /** Holds a page once more. */
    void retain(int page) {
        synchronized (free) {
            holders[page]++;
        }
    }

    /** Holds a page once less; who is the last gives it back. Any thread. */
    void release(int page) {
        synchronized (free) {
            if (--holders[page] == 0) free.push(page);
        }
    }

    /** A page of one's own with the content of one that others may hold as well, which is released. */
    int own(int page) {
        synchronized (free) {
            if (holders[page] == 1) return page;
        }
        int copy = take();
        device.queue().copy(buffer, page * pageBytes, buffer, copy * pageBytes, pageBytes);
        release(page);
        return copy;
    }

    /** Pages that somebody holds. */
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
