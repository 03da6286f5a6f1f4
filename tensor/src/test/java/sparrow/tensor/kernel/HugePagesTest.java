package sparrow.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.tensor.kernel.HugePages.Span;

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

    /** 4096 bytes on x86-64, 16 or 64 KiB on arm64: a start that is no multiple of the page is refused by the kernel. */
    @ParameterizedTest
    @ValueSource(longs = {4096, 16_384, 65_536})
    void whatIsForgottenAreWholePagesInsideThePiece(long page) {
        assertThat(Span.inside(3 * page, 2 * page, page)).isEqualTo(new Span(3 * page, 2 * page));
        assertThat(Span.inside(3 * page + 1, 2 * page, page)).isEqualTo(new Span(4 * page, page));
        assertThat(Span.inside(3 * page - 1, 2 * page, page)).isEqualTo(new Span(3 * page, page));
        assertThat(Span.inside(3 * page + 4096 % page, page - 1, page).bytes()).isZero();
        assertThat(Span.inside(3 * page + 1, page - 2, page).bytes()).isZero();
    }

    @Test
    void aForgottenFileIsReadAgain(@TempDir Path folder) throws IOException {
        byte[] bytes = new byte[300_000];
        Arrays.fill(bytes, (byte) 9);
        Path file = Files.write(folder.resolve("weights"), bytes);
        try (Arena arena = Arena.ofShared();
                FileChannel channel = FileChannel.open(file)) {
            MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes.length, arena);
            HugePages.evict(mapped.asSlice(100, 200_000));

            assertThat(mapped.toArray(ValueLayout.JAVA_BYTE)).containsOnly(9);
        }
    }
}
