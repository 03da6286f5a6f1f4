package sparrow.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Memory for weights, whether or not this system grants huge pages. */
class HugePagesTest {
    private static final long[] SIZES = {1, 63, 64, 65, 4096, (2 << 20) - 1, (2 << 20) + 3, 300L << 20, 5};

    @Test
    void piecesAreZeroedAlignedAndDisjoint() {
        try (Arena arena = Arena.ofShared()) {
            List<MemorySegment> pieces = new ArrayList<>();
            for (long size : SIZES) {
                MemorySegment piece = HugePages.allocate(size, arena);
                assertThat(piece.byteSize()).isEqualTo(size);
                assertThat(piece.address() % 64).isZero();
                assertThat(piece.get(ValueLayout.JAVA_BYTE, 0)).isZero();
                assertThat(piece.get(ValueLayout.JAVA_BYTE, size - 1)).isZero();
                for (MemorySegment other : pieces)
                    assertThat(piece.asOverlappingSlice(other)).isEmpty();
                pieces.add(piece);
                piece.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
                piece.set(ValueLayout.JAVA_BYTE, size - 1, (byte) 1);
            }
        }
    }

    @Test
    void memoryDiesWithItsArenaAndALaterArenaGetsItsOwn() {
        MemorySegment first;
        try (Arena arena = Arena.ofShared()) {
            first = HugePages.allocate(100, arena);
            first.fill((byte) 7);
        }
        assertThat(first.scope().isAlive()).isFalse();
        try (Arena arena = Arena.ofShared()) {
            MemorySegment second = HugePages.allocate(100, arena);
            assertThat(second.scope().isAlive()).isTrue();
            assertThat(second.toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
        }
    }
}
