package sparrow.formats.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.formats.BadFileException;

/** Malformed GGUF files are refused in one line, before anything is allocated by what they say. */
class GgufRefusalTest {
    private static final int F32 = 0;

    @TempDir
    private Path folder;

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    @Test
    void theFileThatTheOthersAreBrokenFromIsRead() {
        assertThatCode(() -> open(whole())).doesNotThrowAnyException();
    }

    @Test
    void missingFilesAndFoldersAreRefused() {
        assertThat(refusal(folder.resolve("none.gguf"))).endsWith("none.gguf: no such file");
        assertThat(refusal(folder)).endsWith(": expected a file, found a folder");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GG", "GGUX", "PK34"})
    void otherFirstBytesAreRefused(String text) throws IOException {
        assertThat(refused(new GgufBytes().raw(text).done())).endsWith("expected a GGUF file, found other first bytes");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "4, 4", "-1, 4294967295", "50331648, a big-endian file"})
    void otherVersionsAreRefused(int version, String found) throws IOException {
        assertThat(refused(GgufBytes.begin(version, 0, 0).done()))
                .endsWith(": version: expected 2 or 3, found " + found);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 1L << 40, Long.MAX_VALUE, -1})
    void countsThatTheFileCannotHoldAreRefused(long count) throws IOException {
        assertThat(refused(GgufBytes.begin(3, count, 0).done())).contains(": tensor count: expected at most the 0");
        assertThat(refused(GgufBytes.begin(3, 0, count).done())).contains(": metadata count: expected at most the 0");
        assertThat(refused(GgufBytes.begin(3, 0, 1)
                        .text("k")
                        .u32(9)
                        .u32(4)
                        .u64(count)
                        .done()))
                .contains(": key k: expected at most the 0 that the rest of the file can hold");
        assertThat(refused(GgufBytes.begin(3, 0, 1)
                        .text("k")
                        .u32(9)
                        .u32(8)
                        .u64(count)
                        .done()))
                .contains(": key k: expected at most the 0");
    }

    @ParameterizedTest
    @ValueSource(longs = {60, 1L << 40, Long.MAX_VALUE, -1})
    void textsWithoutEndAreRefused(long length) throws IOException {
        assertThat(refused(GgufBytes.begin(3, 0, 1).u64(length).zeros(40).done()))
                .contains(": key 1: expected at most");
        assertThat(refused(GgufBytes.begin(3, 1, 0).u64(length).zeros(40).done()))
                .contains(": tensor 1: expected at most");
        assertThat(refused(GgufBytes.begin(3, 0, 1)
                        .text("k")
                        .u32(8)
                        .u64(length)
                        .zeros(40)
                        .done()))
                .contains(": key k: expected at most");
        assertThat(refused(GgufBytes.begin(3, 0, 1)
                        .text("k")
                        .u32(9)
                        .u32(8)
                        .u64(1)
                        .u64(length)
                        .zeros(40)
                        .done()))
                .contains(": key k: expected at most");
    }

    @Test
    void namesOfAbsurdLengthAreRefused() throws IOException {
        assertThat(refused(GgufBytes.begin(3, 0, 1).u64(70_000).zeros(80_000).done()))
                .endsWith(": key 1: expected a name of at most 65535 bytes, found 70000");
    }

    @ParameterizedTest
    @ValueSource(ints = {13, 255, -1})
    void unknownValueTypesAreRefused(int type) throws IOException {
        assertThat(refused(
                        GgufBytes.begin(3, 0, 1).text("k").u32(type).zeros(32).done()))
                .contains(": key k: expected a value type of 0 to 12, found " + Integer.toUnsignedString(type));
    }

    @Test
    void arraysInArraysAreRefused() throws IOException {
        assertThat(refused(GgufBytes.begin(3, 0, 1)
                        .text("k")
                        .u32(9)
                        .u32(9)
                        .zeros(64)
                        .done()))
                .endsWith(": key k: expected plain values, found arrays in an array");
    }

    @Test
    void keysAndTensorsOccurOnce() throws IOException {
        GgufBytes keys = GgufBytes.begin(3, 0, 2);
        keys.text("k").u32(4).u32(1).text("k").u32(4).u32(2);
        assertThat(refused(keys.done())).endsWith(": key k: occurs twice");
        assertThat(refused(GgufBytes.begin(3, 2, 0)
                        .tensor("t", F32, 0, 8)
                        .tensor("t", F32, 32, 8)
                        .align()
                        .zeros(64)
                        .done()))
                .endsWith(": tensor t: occurs twice");
    }

    @ParameterizedTest
    @CsvSource({"11, Q3_K", "15, Q8_K", "3, Q4_1", "39, MXFP4", "24, I8", "4, type 4", "-1, type 4294967295"})
    void typesThatAreNotReadAreRefusedByName(int type, String name) throws IOException {
        assertThat(refused(one(type, 0, 256)))
                .endsWith(": tensor t: type: expected F32, F16, BF16, Q8_0, Q4_0, Q4_K, Q5_K, Q6_K, I32, I64 or F64,"
                        + " found "
                        + name);
    }

    @Test
    void shapesThatNoFileHoldsAreRefused() throws IOException {
        assertThat(refused(one(F32, 0, 1, 1, 1, 1, 1))).contains(": tensor t: expected at most 4 axes, found 5");
        assertThat(refused(one(F32, 0, 1L << 31))).contains("shape: expected sizes of 0 to 2^31-1, found 2147483648");
        assertThat(refused(one(F32, 0, -1))).contains("shape: expected sizes of 0 to 2^31-1");
        // 2^16 in all four axes: 2^64 elements, which 64 bits count as 0.
        assertThat(refused(one(F32, 0, 65536, 65536, 65536, 65536))).contains("is larger than any file");
        assertThat(refused(one(F32, 0, 9)))
                .contains(": tensor t: expected 36 bytes at offset 0 of the data, found only");
    }

    @Test
    void quantisedRowsAreWholeBlocks() throws IOException {
        assertThat(refused(one(8, 0, 16, 2)))
                .endsWith(": tensor t: shape [2, 16]: expected a multiple of 32 columns for Q8_0");
    }

    @ParameterizedTest
    @CsvSource({
        "32, expected 32 bytes at offset 32",
        "1024, expected 32 bytes at offset 1024",
        "8, multiple of 32",
        "-32, expected 32 bytes at offset 18446744073709551584"
    })
    void offsetsOutsideOrBetweenAreRefused(long offset, String fault) throws IOException {
        assertThat(refused(one(F32, offset, 8))).contains(": tensor t: ").contains(fault);
    }

    @Test
    void overlappingTensorsAreRefused() throws IOException {
        byte[] file = GgufBytes.begin(3, 2, 0)
                .tensor("a", F32, 0, 16)
                .tensor("b", F32, 32, 8)
                .align()
                .zeros(64)
                .done();

        assertThat(refused(file))
                .endsWith(": tensor b: offset: expected separate bytes, found an overlap with tensor a");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 24, -32})
    void alignmentIsAPowerOfTwo(int alignment) throws IOException {
        assertThat(refused(GgufBytes.begin(3, 0, 1)
                        .text("general.alignment")
                        .u32(5)
                        .u32(alignment)
                        .done()))
                .contains(": key general.alignment: expected ");
    }

    @Test
    void everyCutIsRefused() throws IOException {
        byte[] file = whole();
        for (int length = 0; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);

            assertThat(refused(cut)).as("cut at %d", length).doesNotContain("\n");
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void damagedBytesAreReadOrRefusedInOneLine(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] file = whole();
        IntStream.range(0, 1 + random.nextInt(8))
                .forEach(i -> file[random.nextInt(file.length)] = (byte) random.nextInt(256));

        try (Gguf opened = Gguf.open(Files.write(folder.resolve("damaged.gguf"), file))) {
            for (String name : opened.names())
                assertThat(opened.tensor(name).toFloats()).isNotNull();
            assertThat(opened.metadata()).isNotNull();
        } catch (BadFileException e) {
            assertThat(e.getMessage()).doesNotContain("\n").hasSizeLessThan(1000);
        }
    }

    /** Every kind of value, and two tensors. */
    private static byte[] whole() {
        return GgufBytes.begin(3, 2, 4)
                .text("name")
                .u32(8)
                .text("tiny")
                .text("count")
                .u32(10)
                .u64(7)
                .text("texts")
                .u32(9)
                .u32(8)
                .u64(2)
                .text("a")
                .text("bc")
                .text("numbers")
                .u32(9)
                .u32(5)
                .u64(2)
                .u32(1)
                .u32(2)
                .tensor("a", F32, 0, 4, 2)
                .tensor("b", 8, 32, 32, 1)
                .align()
                .zeros(32 + 34)
                .done();
    }

    /** One tensor of this type, before 32 bytes of data. */
    private static byte[] one(int type, long offset, long... sizes) {
        return GgufBytes.begin(3, 1, 0)
                .tensor("t", type, offset, sizes)
                .align()
                .zeros(32)
                .done();
    }

    private void open(byte[] file) throws IOException {
        Gguf.open(Files.write(folder.resolve("broken.gguf"), file)).close();
    }

    private String refused(byte[] file) throws IOException {
        return refusal(Files.write(folder.resolve("broken.gguf"), file));
    }

    private static String refusal(Path file) {
        BadFileException refusal = catchThrowableOfType(
                BadFileException.class, () -> Gguf.open(file).close());
        assertThat(refusal).as("refusal of %s", file).isNotNull();
        return refusal.getMessage();
    }
}
