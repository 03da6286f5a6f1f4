package sparrow.bench.voice;

import java.util.Comparator;
import java.util.List;
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

    /** Returns the {@code count} sizes with the longest times, in descending order. */
    List<StageMeter.Size> longest(int count) {
        return sizes.stream()
                .sorted(Comparator.comparing(size -> -size.nanos()))
                .limit(count)
                .toList();
    }
}
