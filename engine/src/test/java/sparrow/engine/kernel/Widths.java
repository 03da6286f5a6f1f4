package sparrow.engine.kernel;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import jdk.incubator.vector.FloatVector;

/** What to test at this run's lane width. A width that the processor lacks runs, but slowly: it gets less. */
final class Widths {
    private Widths() {}

    static boolean slow() {
        return Lanes.F32.vectorBitSize() > FloatVector.SPECIES_PREFERRED.vectorBitSize();
    }

    static LongStream seeds(int count) {
        return new SplittableRandom(20260).longs(slow() ? Math.max(1, count / 10) : count);
    }

    /** Every length of up to one panel and a vector, and those around further multiples of both. */
    static List<Integer> lengths() {
        IntStream start = IntStream.rangeClosed(0, Lanes.PANEL + Lanes.COUNT + 1);
        IntStream later = IntStream.of(2, 4, 7)
                .map(panels -> panels * Lanes.PANEL)
                .flatMap(n -> IntStream.of(n - 1, n, n + 1, n + Lanes.COUNT));
        return IntStream.concat(start, later).distinct().boxed().toList();
    }
}
