package sparrow.bench.voice;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import sparrow.tensor.kernel.KernelMeter;

/**
 * Counts matrix products by stage. One stage runs at a time, on any threads. Products between stages are not counted.
 */
public final class StageMeter implements KernelMeter {
    private volatile Map<Key, Sum> current = new ConcurrentHashMap<>();

    /** The key by which products are grouped. */
    private record Key(Kind kind, int rows, int columns, int depth) {}

    private static final class Sum {
        private final LongAdder count = new LongAdder();
        private final LongAdder operations = new LongAdder();
        private final LongAdder bytes = new LongAdder();
        private final LongAdder nanos = new LongAdder();
    }

    /**
     * All products of one size in a stage.
     *
     * @param kind kind of product
     * @param rows number of rows per result
     * @param columns number of columns per result
     * @param depth number of terms per sum, or 0 for attention over a cache, whose depth grows
     * @param count number of products
     * @param operations total number of operations
     * @param bytes total number of bytes
     * @param nanos total time, summed over threads if each product runs on one thread
     */
    public record Size(
            Kind kind, int rows, int columns, int depth, long count, long operations, long bytes, long nanos) {
        /** Returns the sum of these products and other products of the same size. */
        Size and(Size other) {
            return new Size(
                    kind,
                    rows,
                    columns,
                    depth,
                    count + other.count,
                    operations + other.operations,
                    bytes + other.bytes,
                    nanos + other.nanos);
        }
    }

    /** Starts counting the products of a stage. */
    void begin() {
        current = new ConcurrentHashMap<>();
    }

    /** Stops counting and returns the products since {@link #begin}. */
    Work end() {
        Map<Key, Sum> sums = current;
        begin();
        return new Work(sums.entrySet().stream()
                .map(entry -> new Size(
                        entry.getKey().kind(),
                        entry.getKey().rows(),
                        entry.getKey().columns(),
                        entry.getKey().depth(),
                        entry.getValue().count.sum(),
                        entry.getValue().operations.sum(),
                        entry.getValue().bytes.sum(),
                        entry.getValue().nanos.sum()))
                .toList());
    }

    @Override
    public void record(Product product, long nanos) {
        boolean cache = product.kind() == Kind.CACHE;
        Key key = new Key(product.kind(), product.rows(), product.columns(), cache ? 0 : product.depth());
        Sum sum = current.computeIfAbsent(key, k -> new Sum());
        sum.count.increment();
        sum.operations.add(product.operations());
        sum.bytes.add(product.bytes());
        sum.nanos.add(nanos);
    }
}
