package sparrow.bench.voice;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import sparrow.tensor.kernel.KernelMeter;

/**
 * The matrix products of a stage.
 *
 * @param sizes products grouped by size
 */
record Work(List<StageMeter.Size> sizes) {
    Work {
        sizes = List.copyOf(sizes);
    }

    static final Work NONE = new Work(List.of());

    /** Returns the number of floating-point operations in all products. */
    long operations() {
        return sizes.stream().mapToLong(StageMeter.Size::operations).sum();
    }

    /** Returns the total size of all factors and results, in bytes. Each product counts its own factors and result. */
    long bytes() {
        return sizes.stream().mapToLong(StageMeter.Size::bytes).sum();
    }

    /** Returns the time of linear layers and convolutions, which use all threads and never overlap. */
    long linearNanos() {
        return sizes.stream()
                .filter(size -> size.kind() == KernelMeter.Kind.LINEAR)
                .mapToLong(StageMeter.Size::nanos)
                .sum();
    }

    Work and(Work other) {
        List<StageMeter.Size> all = new ArrayList<>(sizes);
        all.addAll(other.sizes);
        return new Work(all);
    }

    /** Returns the {@code count} sizes with the longest times, in descending order. */
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
