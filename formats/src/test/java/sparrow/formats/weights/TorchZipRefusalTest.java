package sparrow.formats.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.zip.ZipEntry;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.formats.BadFileException;
import sparrow.testing.Seeds;

class TorchZipRefusalTest {
    private static final int MAX = Integer.MAX_VALUE;

    @TempDir
    Path folder;

    @Test
    void namesTheForeignFunctionAndNeverLoadsIt() {
        TorchFile evil = new TorchFile().begin().text("x").global("posix", "system");

        refused(evil.text("true").op(0x85, 'R').end().bytes()).hasMessageContaining("posix.system");
    }

    @Test
    void namesTheForeignFunctionOfALaterProtocol() {
        TorchFile evil =
                new TorchFile().op(0x80, 4).text("builtins").text("eval").op(0x93);

        refused(evil.text("1").op(0x85, 'R', '.').bytes()).hasMessageContaining("builtins.eval");
    }

    @Test
    void refusesOtherOpcodesAndCalls() {
        refused(pickle('i', '.')).hasMessageContaining("opcode 0x69");
        refused(new TorchFile().number(1).op(')', 'R', '.').bytes()).hasMessageContaining("expected a call");
        refused(new TorchFile().op(']', '}', 'b', '.').bytes()).hasMessageContaining("state of a list");
        refused(new TorchFile().text("s").op('Q', '.').bytes()).hasMessageContaining("persistent id");
    }

    @Test
    void refusesResultsOtherThanTensorsByName() {
        refused(new TorchFile().begin().text("step").number(7).end().bytes())
                .hasMessageContaining("entry step: expected a tensor, found the number 7");
        refused(new TorchFile().op(']', '.').bytes()).hasMessageContaining("dictionary of tensors");
    }

    @Test
    void refusesWhatIsNoArchive() {
        refused(new byte[0]).hasMessageContaining("zip");
        refused(new byte[1000]).hasMessageContaining("zip");
        refused(TorchFile.zip(Map.of("a/x", new byte[1]), ZipEntry.STORED)).hasMessageContaining("data.pkl");
        refused(TorchFile.small().compressed().bytes()).hasMessageContaining("compression method 8");
        refused(TorchFile.small().entry("a/byteorder", "big".getBytes()).bytes())
                .hasMessageContaining("byteorder");
        assertThatThrownBy(() -> TorchZip.open(folder)).isInstanceOf(BadFileException.class);
    }

    @Test
    void refusesATensorThatReachesOutsideItsStorage() {
        int[][] shapes = {{7}, {2, 4}, {MAX}, {MAX, MAX}, {MAX, MAX, MAX}, {MAX, MAX, MAX, 0}, {-1}};
        for (int[] shape : shapes) {
            int[] ones = new int[shape.length];
            Arrays.fill(ones, 1);
            refused(tensor(6, 0, shape, ones));
        }
        refused(tensor(6, 1, new int[] {6}, new int[] {1}));
        refused(tensor(6, -1, new int[] {6}, new int[] {1}));
        refused(tensor(6, Long.MAX_VALUE, new int[] {2}, new int[] {MAX}));
        refused(tensor(6, 0, new int[] {2}, new int[] {6}));
        refused(tensor(6, 3, new int[] {2}, new int[] {-1}));
        refused(tensor(6, 0, new int[] {2}, new int[] {1, 1}));
        refused(tensor(6, 0, new int[40], new int[40]));
    }

    @Test
    void refusesAStrideOfZeroThatWouldMultiplyMemory() {
        refused(tensor(6, 0, new int[] {MAX, 100}, new int[] {0, 0})).hasMessageContaining("storage of 6 elements");
    }

    @Test
    void refusesManyCopiesOfOneStorage() {
        TorchFile file = new TorchFile().storage("0", new float[10_000]).begin();
        for (int i = 0; i < 20; i++) {
            file.tensor("t" + i, "FloatStorage", "0", 10_000, 0, new int[] {100, 100}, new int[] {1, 100});
        }

        refused(file.end().bytes()).hasMessageContaining("larger than the file");
    }

    @Test
    void refusesAStorageOfAnotherLength() {
        for (long count : new long[] {5, 7, -1, 1L << 62, Long.MIN_VALUE}) {
            refused(tensor(count, 0, new int[] {1}, new int[] {1})).hasMessageContaining("storage data/0");
        }
    }

    @Test
    void refusesLengthsThatLie() {
        refused(pickle('X', 0xFF, 0xFF, 0xFF, 0xFF, 'a')).hasMessageContaining("more bytes");
        refused(pickle(0x95, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF)).hasMessageContaining("more bytes");
        refused(pickle(0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, '.')).hasMessageContaining("at most 8 bytes");
        refused(pickle('j', 0xFF, 0xFF, 0xFF, 0xFF, '.')).hasMessageContaining("4294967295");
    }

    @Test
    void survivesContainersThatHoldThemselves() {
        refused(pickle(']', 'q', 0, 'h', 0, 'a', '.'));
        TorchFile ring = new TorchFile().op('}', 'q', 0).text("self").op('h', 0, 's', '.');
        refused(ring.bytes()).hasMessageContaining("entry self: expected a tensor, found a dictionary");
    }

    @Test
    void boundsTheStack() {
        byte[] pickle = new byte[3_000_000];
        for (int filler : new int[] {'(', ']', ')', '}', 'N'}) {
            Arrays.fill(pickle, (byte) filler);
            refused(new TorchFile().bytes(pickle)).hasMessageContaining("more values");
        }
    }

    @Tag("full")
    @Test
    void refusesAPickleCutAnywhere() throws IOException {
        TorchFile small = TorchFile.small();
        byte[] pickle = small.pickle();
        TorchFile.readAll(folder.resolve("whole.pt"), small.bytes(pickle));

        for (int cut = 0; cut < pickle.length; cut++) refused(small.bytes(Arrays.copyOf(pickle, cut)));
    }

    @Tag("full")
    @Test
    void refusesAnArchiveCutAnywhere() {
        byte[] bytes = TorchFile.small().bytes();

        for (int cut = 0; cut < bytes.length; cut++) refused(Arrays.copyOf(bytes, cut));

        byte[] zip64 = TorchFile.small().zip64();
        for (int cut = 0; cut < zip64.length; cut++) refused(Arrays.copyOf(zip64, cut));
    }

    static LongStream seeds() {
        return Seeds.drawn(20261);
    }

    /** Damage in the pickle and in the archive around it: read, or refused, and nothing else. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void refusesOrReadsDamagedFiles(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        TorchFile small = TorchFile.small();
        int refusals = 0;
        for (int i = 0; i < 100; i++) {
            byte[] bytes = switch (random.nextInt(4)) {
                case 0 -> damaged(small.bytes(), random);
                case 1 -> damaged(small.zip64(), random);
                default -> small.bytes(damaged(small.pickle(), random));
            };
            try {
                TorchFile.readAll(folder.resolve("damaged.pt"), bytes);
            } catch (BadFileException e) {
                refusals++;
            }
        }
        assertThat(refusals).isPositive();
    }

    private static byte[] damaged(byte[] bytes, SplittableRandom random) {
        byte[] damaged = bytes.clone();
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            int at = random.nextInt(damaged.length);
            damaged[at] =
                    random.nextBoolean() ? (byte) random.nextInt() : (byte) (damaged[at] ^ 1 << random.nextInt(8));
        }
        return damaged;
    }

    private static byte[] tensor(long count, long offset, int[] size, int[] strides) {
        TorchFile file = new TorchFile().storage("0", 1, 2, 3, 4, 5, 6).begin();
        return file.tensor("t", "FloatStorage", "0", count, offset, size, strides)
                .end()
                .bytes();
    }

    private static byte[] pickle(int... bytes) {
        return new TorchFile().op(bytes).bytes();
    }

    /** The message is one line and begins with the file. */
    private AbstractThrowableAssert<?, ?> refused(byte[] bytes) {
        Path file = folder.resolve("bad.pt");
        return assertThatThrownBy(() -> TorchFile.readAll(file, bytes))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageNotContaining("\n");
    }
}
