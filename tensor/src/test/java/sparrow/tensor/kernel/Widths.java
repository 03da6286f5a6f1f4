package sparrow.tensor.kernel;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import jdk.incubator.vector.FloatVector;
import sparrow.testing.Seeds;

/** The cases of this run's lane width. A width that the processor lacks runs, but slowly: it gets less. */
final class Widths {
    private Widths() {}

    static boolean slow() {
        return Lanes.F32.vectorBitSize() > FloatVector.SPECIES_PREFERRED.vectorBitSize();
    }

    static LongStream seeds() {
        return Seeds.drawn(20260).limit(slow() ? 5 : Long.MAX_VALUE);
    }

    /** Every length of up to one panel and a vector, and those around further multiples of both. */
    static List<Integer> lengths() {
        IntStream start = IntStream.rangeClosed(0, Lanes.PANEL + Lanes.COUNT + 1);
        IntStream later = (slow() ? IntStream.of(2) : IntStream.of(2, 4, 7))
                .map(panels -> panels * Lanes.PANEL)
                .flatMap(n -> IntStream.of(n - 1, n, n + 1, n + Lanes.COUNT));
        return IntStream.concat(start, later).distinct().boxed().toList();
    }
}
