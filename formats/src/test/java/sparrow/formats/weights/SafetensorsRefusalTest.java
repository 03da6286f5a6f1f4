package sparrow.formats.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static sparrow.formats.weights.SafetensorsBytes.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.formats.BadFileException;
import sparrow.tensor.Tensor;
import sparrow.testing.Seeds;

/** Whatever a file holds: it is read right, or refused in one line that names it. */
class SafetensorsRefusalTest {
    @TempDir
    Path folder;

    @Test
    void headerOfMoreTokensThanAnyModelHasIsRefused() throws IOException {
        String lists = "{\"a\": [" + "[],".repeat(5_000_000) + "[]]}";

        assertThat(refused(SafetensorsBytes.of(lists, 8))).contains(": header: not JSON: more than 1000000 brackets");
    }

    @Test
    void longNamesAreCut() throws IOException {
        String header = "{" + entry("x".repeat(1 << 20), "F32", "[1]", "[0, 400]") + "}";

        assertThat(refused(SafetensorsBytes.of(header, 4))).hasSizeLessThan(2000);
    }

    @Test
    void fileCutAnywhereIsRefused() throws IOException {
        byte[] whole = small();
        for (int length = 0; length < whole.length; length++) refused(Arrays.copyOf(whole, length));
        try (Safetensors read = Safetensors.open(file(whole))) {
            assertThat(read.names()).hasSize(3);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32, 100_000_001, 1 << 20})
    void headerOfAnotherLengthIsRefusedBeforeItIsBelieved(long length) throws IOException {
        String message = refused(SafetensorsBytes.of(length, "{" + entry("a", "F32", "[1]", "[0, 4]") + "}", 4));

        assertThat(message).contains("header length: expected 2 to ").contains(Long.toUnsignedString(length));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "  ",
                "[]",
                "null",
                "\"text\"",
                "{\"a\": ",
                "{\"a\" 1}",
                "{} {}",
                "{}x",
                "not json at all",
                "{\"a\": {}, \"a\": {}}",
                "\u0000\u0001\u0002"
            })
    void headerThatIsNotOneObjectIsRefused(String header) throws IOException {
        assertThat(refused(SafetensorsBytes.of(header, 8))).contains(": header: ");
    }

    @Test
    void headerNestedTooDeepIsRefused() throws IOException {
        assertThat(refused(SafetensorsBytes.of("[".repeat(200_000), 8))).contains(": header: not JSON");
        String deep = "{\"a\": " + "{\"a\": ".repeat(100_000) + "1" + "}".repeat(100_001);
        assertThat(refused(SafetensorsBytes.of(deep, 8))).contains(": header: not JSON");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[4, 0]",
                "[-4, 0]",
                "[0, 3]",
                "[0, 8]",
                "[0]",
                "[]",
                "[0, 4, 8]",
                "4",
                "null",
                "{\"0\": 0, \"1\": 4}",
                "[\"0\", \"4\"]",
                "[0.0, 4.0]",
                "[12, 16]",
                "[16, 20]",
                "[18446744073709551616, 18446744073709551620]",
                "[9223372036854775804, 9223372036854775808]",
                "[1e0, 5]"
            })
    void offsetsOtherThanThoseOfTheDataAreRefused(String offsets) throws IOException {
        // Fourteen bytes of data: [12, 16] begins inside and ends outside.
        String message = refused(SafetensorsBytes.of("{" + entry("a", "F32", "[1]", offsets) + "}", 14));

        assertThat(message).contains(": tensor a: ").contains("data_offsets");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[-1]",
                "[2147483648]",
                "[1.0]",
                "[\"1\"]",
                "[null]",
                "[[1]]",
                "1",
                "null",
                "\"1\"",
                "{\"0\": 1}",
                "[2147483647, 2147483647, 2147483647]",
                "[65536, 65536, 65536, 65536]",
                "[1, 99999999999999999999]"
            })
    void shapesThatAreNoSizesAreRefused(String shape) throws IOException {
        String message = refused(SafetensorsBytes.of("{" + entry("a", "F32", shape, "[0, 4]") + "}", 4));

        assertThat(message).contains(": tensor a: ").contains("shape");
    }

    @Test
    void productOfSizesThatWrapsToTheRightNumberIsRefused() throws IOException {
        // 2^32 * 2^32 * 4 bytes is 0 in 64 bits.
        refused(SafetensorsBytes.of("{" + entry("a", "F32", "[65536,65536,65536,65536]", "[0, 0]") + "}", 4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"F8_E4M3", "f32", "", "U8", "BOOL", "F32 ", "Q8_0", "Q4_0"})
    void typesThatAreNotReadAreRefused(String type) throws IOException {
        assertThat(refused(SafetensorsBytes.of("{" + entry("a", type, "[1]", "[0, 4]") + "}", 4)))
                .contains(": tensor a: dtype: expected F32, F16, BF16, F64, I32 or I64, found \"" + type + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "null", "[]", "{}", "\"F32\"", "{\"dtype\": \"F32\"}", "{\"dtype\": 1}"})
    void entriesThatAreNoTensorAreRefused(String entry) throws IOException {
        assertThat(refused(SafetensorsBytes.of("{\"a\": " + entry + "}", 4))).contains(": tensor a: ");
    }

    @Test
    void tensorsThatShareBytesAreRefusedAndEmptyOnesShareNone() throws IOException {
        String a = entry("a", "F32", "[2]", "[0, 8]");

        String message = refused(SafetensorsBytes.of("{" + a + "," + entry("b", "F32", "[2]", "[4, 12]") + "}", 12));
        assertThat(message).contains(": tensor b: data_offsets").contains("tensor a");
        refused(SafetensorsBytes.of("{" + a + "," + entry("b", "F32", "[2]", "[0, 8]") + "}", 12));
        refused(SafetensorsBytes.of("{" + entry("b", "BF16", "[1]", "[2, 4]") + "," + a + "}", 12));

        byte[] fine = SafetensorsBytes.of("{" + a + "," + entry("b", "F32", "[0]", "[4, 4]") + "}", 8);
        try (Safetensors read = Safetensors.open(file(fine))) {
            assertThat(read.names()).containsExactlyInAnyOrder("a", "b");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "[]", "\"text\"", "{\"a\": 1}", "{\"a\": null}", "{\"a\": {\"b\": \"c\"}}"})
    void metadataOtherThanTextsAreRefused(String facts) throws IOException {
        assertThat(refused(SafetensorsBytes.of("{\"__metadata__\": " + facts + "}", 0)))
                .contains(": __metadata__");
    }

    @Test
    void namesDoNotBreakTheLineOfAMessage() throws IOException {
        String message = refused(SafetensorsBytes.of("{" + entry("a\\nb\\u001b[31m", "X", "[1]", "[0, 4]") + "}", 4));

        assertThat(message).contains("tensor a?b?[31m: ");
    }

    @Test
    void missingFileAndFolderAreRefused() {
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> Safetensors.open(missing))
                .isInstanceOf(BadFileException.class)
                .hasMessage(missing + ": no such file");
        assertThatThrownBy(() -> Safetensors.open(folder))
                .isInstanceOf(BadFileException.class)
                .hasMessage(folder + ": expected a file, found a folder");
    }

    static LongStream seeds() {
        return Seeds.drawn(20260);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void damagedFileIsReadOrRefusedButNothingElse(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] whole = small();
        for (int round = 0; round < 40; round++) {
            byte[] damaged = whole.clone();
            // Nearly all of them in length and header; what is behind is data.
            for (int flips = random.nextInt(1, 5); flips > 0; flips--) {
                damaged[random.nextInt(damaged.length - 40)] = (byte) random.nextInt(256);
            }
            if (random.nextInt(5) == 0) damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length));
            try (Safetensors read = Safetensors.open(file(damaged))) {
                for (String name : read.names()) read.tensor(name).toFloats();
            } catch (BadFileException e) {
                assertOneLine(e);
            } catch (RuntimeException e) {
                fail("seed %d, round %d".formatted(seed, round), e);
            }
        }
    }

    /** A file of three tensors and metadata. */
    private byte[] small() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("layer.0.weight", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
        tensors.put("ids", Tensor.of(new int[] {7, 8}, 2));
        tensors.put("count", Tensor.of(new long[] {9}));
        Path file = folder.resolve("small");
        SafetensorsWriter.write(file, tensors, Map.of("k", "v"));
        return Files.readAllBytes(file);
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("bad.safetensors"), bytes);
    }

    private String refused(byte[] bytes) throws IOException {
        Path file = file(bytes);
        try (Safetensors read = Safetensors.open(file)) {
            return fail("read as " + read.names());
        } catch (BadFileException e) {
            assertOneLine(e);
            return e.getMessage();
        }
    }

    private void assertOneLine(BadFileException e) {
        assertThat(e.getMessage())
                .startsWith(folder.resolve("bad.safetensors") + ": ")
                .doesNotContain("\n", "\r")
                .hasSizeLessThan(1000);
    }
}
