package sparrow.bench.voice;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import sparrow.tensor.kernel.KernelMeter;

/**
 * The products of a stage.
 *
 * @param sizes by size
 */
record Work(List<StageMeter.Size> sizes) {
    Work {
        sizes = List.copyOf(sizes);
    }

    static final Work NONE = new Work(List.of());

    /** Floating-point operations of all products. */
    long operations() {
        return sizes.stream().mapToLong(StageMeter.Size::operations).sum();
    }

    /** Bytes that they read and wrote, if each were touched once in every product. */
    long bytes() {
        return sizes.stream().mapToLong(StageMeter.Size::bytes).sum();
    }

    /** Time of linear layers and convolutions, which use all threads and never overlap. */
    long linearNanos() {
        return sizes.stream()
                .filter(size -> size.kind() == KernelMeter.Kind.LINEAR)
                .mapToLong(StageMeter.Size::nanos)
                .sum();
    }

    /** These and others. */
    Work and(Work other) {
        List<StageMeter.Size> all = new ArrayList<>(sizes);
        all.addAll(other.sizes);
        return new Work(all);
    }

    /** The sizes that took the longest, first. */
    List<StageMeter.Size> longest(int count) {
        return merged().sorted(Comparator.comparing(size -> -size.nanos()))
                .limit(count)
                .toList();
    }

    private Stream<StageMeter.Size> merged() {
        record Key(KernelMeter.Kind kind, int rows, int columns, int depth) {}
        Map<Key, StageMeter.Size> bySize = new LinkedHashMap<>();
        for (StageMeter.Size size : sizes) {
            bySize.merge(new Key(size.kind(), size.rows(), size.columns(), size.depth()), size, StageMeter.Size::and);
        }
        return bySize.values().stream();
    }
}
