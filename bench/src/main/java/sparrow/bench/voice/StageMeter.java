package sparrow.bench.voice;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import sparrow.tensor.kernel.KernelMeter;

/**
 * Counts matrix products by stage. One stage runs at a time, on any threads. Products between stages are not counted.
 */
public final class StageMeter implements KernelMeter {
    private final Map<Stage, Map<Key, Sum>> stages = new EnumMap<>(Stage.class);
    private volatile Map<Key, Sum> current = new ConcurrentHashMap<>();

    /** The key by which products are grouped. */
    private record Key(Kind kind, int rows, int columns, int depth) {}

    private static final class Sum {
        private final LongAdder count = new LongAdder();
        private final LongAdder operations = new LongAdder();
        private final LongAdder bytes = new LongAdder();
        private final LongAdder nanos = new LongAdder();

        Size of(Key key) {
            return new Size(
                    key.kind,
                    key.rows,
                    key.columns,
                    key.depth,
                    count.sum(),
                    operations.sum(),
                    bytes.sum(),
                    nanos.sum());
        }
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
            Kind kind, int rows, int columns, int depth, long count, long operations, long bytes, long nanos) {}

    /** Discards all counts. */
    void reset() {
        stages.clear();
        leave();
    }

    /** Adds the following products to a stage. */
    void enter(Stage stage) {
        current = stages.computeIfAbsent(stage, _ -> new ConcurrentHashMap<>());
    }

    /** Ignores products until the next stage is entered. */
    void leave() {
        current = new ConcurrentHashMap<>();
    }

    /** Returns the products of each stage that was entered. */
    Map<Stage, Work> work() {
        Map<Stage, Work> work = new EnumMap<>(Stage.class);
        stages.forEach((stage, sums) -> work.put(
                stage,
                new Work(sums.entrySet().stream()
                        .map(entry -> entry.getValue().of(entry.getKey()))
                        .toList())));
        return work;
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
