package sparrow.formats.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.formats.BadFileException;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;
import sparrow.tensor.Tensor;

class SafetensorsTest {
    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsRead() throws IOException {
        float[] floats = {1, -0f, Float.MIN_VALUE, Float.NaN, Float.NEGATIVE_INFINITY, 3.4e38f};
        long[] longs = {Long.MIN_VALUE, -1, 7};
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("hidden", Tensor.of(floats, 2, 3));
        tensors.put("ids", Tensor.of(new int[] {5, -6, Integer.MAX_VALUE}, 3));
        tensors.put("counts", Tensor.of(longs, 3, 1));
        tensors.put("scalar", Tensor.of(new float[] {42}));
        tensors.put("nothing", Tensor.of(new float[0], 0, 5));
        tensors.put("odd \"name\" \u00e4\u4f60/..", Tensor.of(new int[] {1}, 1));

        try (Safetensors read = written(tensors, Map.of("apply_final_norm", "true", "note", "a \"b\"\n\u00e4"))) {
            assertThat(read.names()).containsExactlyInAnyOrderElementsOf(tensors.keySet());
            assertThat(read.metadata()).isEqualTo(Map.of("apply_final_norm", "true", "note", "a \"b\"\n\u00e4"));
            assertThat(read.tensor("hidden").shape()).containsExactly(2, 3);
            assertThat(bits(read.tensor("hidden").toFloats())).containsExactly(bits(floats));
            assertThat(read.tensor("ids").toInts()).containsExactly(5, -6, Integer.MAX_VALUE);
            assertThat(read.tensor("counts").dtype()).isEqualTo(DType.I64);
            assertThat(read.tensor("counts").data().toArray(ValueLayout.JAVA_LONG_UNALIGNED))
                    .containsExactly(longs);
            assertThat(read.tensor("scalar").shape()).isEmpty();
            assertThat(read.floats("scalar")).containsExactly(42);
            assertThat(read.tensor("nothing").shape()).containsExactly(0, 5);
            assertThat(read.tensor("nothing").toFloats()).isEmpty();
        }
    }

    @Test
    void bytesInMemoryAreReadAsTheFileIs() throws IOException {
        Path file = folder.resolve("file.safetensors");
        SafetensorsWriter.write(file, Map.of("x", Tensor.of(new float[] {1, -2, 3}, 3, 1)), Map.of("note", "here"));
        byte[] bytes = Files.readAllBytes(file);

        try (Safetensors read = Safetensors.read(bytes, Path.of("a.jar", "x"))) {
            Arrays.fill(bytes, (byte) 0);
            Files.delete(file);

            read.requireUnchanged();
            assertThat(read.source()).isEqualTo(Path.of("a.jar", "x"));
            assertThat(read.metadata()).containsExactly(Map.entry("note", "here"));
            assertThat(read.floats("x", 3, 1)).containsExactly(1, -2, 3);
            assertThat(read.matrix("x", 3, 1).data().isNative()).isTrue();
        }
    }

    @Test
    void bytesInMemoryThatAreCutAnywhereAreRefused() throws IOException {
        Path file = folder.resolve("file.safetensors");
        SafetensorsWriter.write(file, Map.of("x", Tensor.of(new float[] {1, -2, 3}, 3)), Map.of());
        byte[] bytes = Files.readAllBytes(file);

        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> Safetensors.read(cut, Path.of("a.jar", "x")))
                    .isInstanceOf(BadFileException.class)
                    .hasMessageStartingWith(Path.of("a.jar", "x") + ": ");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = "Q.*")
    void everyTypeIsWrittenAndReadBitForBit(DType type) throws IOException {
        try (Arena arena = Arena.ofShared()) {
            Tensor tensor = new Tensor(arena.allocate(type.bytes(10)), type, List.of(5, 2));
            for (int i = 0; i < tensor.data().byteSize(); i++) {
                tensor.data().set(ValueLayout.JAVA_BYTE, i, (byte) (37 * i));
            }

            try (Safetensors read = written(Map.of("t", tensor, "other", Tensor.of(new float[3], 3)), Map.of())) {
                assertThat(read.tensor("t").dtype()).isEqualTo(type);
                assertThat(read.tensor("t").data().mismatch(tensor.data())).isEqualTo(-1);
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void tensorsLargerThanOnePieceAreWhole(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[random.nextInt(262_000, 600_000)];
        for (int i = 0; i < values.length; i++) values[i] = random.nextInt();

        try (Safetensors read = written(Map.of("t", Tensor.of(values, values.length)), Map.of())) {
            assertThat(read.floats("t", -1)).isEqualTo(values);
        }
    }

    @Test
    void dataAreAlignedForEveryReader() throws IOException {
        for (int length = 1; length < 12; length++) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            tensors.put("a".repeat(length), Tensor.of(new int[] {1}, 1));
            tensors.put("long", Tensor.of(new long[] {2}, 1));

            try (Safetensors read = written(tensors, Map.of())) {
                assertThat(read.tensor("long").data().address() % 8).isZero();
                assertThat(Files.size(folder.resolve("file.safetensors")) % 4).isZero();
            }
        }
    }

    @Test
    void writingReplacesTheFileAndLeavesNothingBeside() throws IOException {
        Path file = folder.resolve("file.safetensors");
        Files.writeString(file, "an earlier one");

        SafetensorsWriter.write(file, Map.of("x", Tensor.of(new float[] {1}, 1)), Map.of());

        assertThat(folder.toFile().list()).containsExactly("file.safetensors");
    }

    @Test
    void failedWriteLeavesTheEarlierFileAlone() throws IOException {
        Path file = folder.resolve("file.safetensors");
        Files.writeString(file, "an earlier one");
        Tensor gone;
        try (Arena arena = Arena.ofShared()) {
            gone = new Tensor(arena.allocate(4), DType.F32, List.of(1));
        }

        assertThatThrownBy(() -> SafetensorsWriter.write(file, Map.of("x", gone), Map.of()))
                .isInstanceOf(IllegalStateException.class);

        assertThat(file).hasContent("an earlier one");
        assertThat(folder.toFile().list()).containsExactly("file.safetensors");
        assertThatThrownBy(() -> SafetensorsWriter.write(folder.resolve("no/file"), Map.of(), Map.of()))
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> SafetensorsWriter.write(file, Map.of("__metadata__", gone), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tensor name __metadata__ belongs to the format");
    }

    @Test
    void shapesAndTypesAreHeldAgainstWhatIsAskedFor() throws IOException {
        Map<String, Tensor> tensors =
                Map.of("m", Tensor.of(new float[6], 2, 3), "ids", Tensor.of(new int[2], 2), "f64", doubles());
        try (Safetensors read = written(tensors, Map.of())) {
            assertThat(read.matrix("m", 2, 3))
                    .extracting(Matrix::rows, Matrix::columns)
                    .containsExactly(2, 3);
            assertThat(read.matrix("m", -1, 3).rows()).isEqualTo(2);
            assertThat(read.floats("f64", 1, 1)).containsExactly(0.5f);

            String file = folder.resolve("file.safetensors") + ": ";
            assertThatThrownBy(() -> read.floats("m", 3, 2))
                    .isInstanceOf(BadFileException.class)
                    .hasMessage(file + "tensor m: expected shape [3, 2], found [2, 3]");
            assertThatThrownBy(() -> read.floats("m", 6)).isInstanceOf(BadFileException.class);
            assertThatThrownBy(() -> read.floats("ids", 2))
                    .isInstanceOf(BadFileException.class)
                    .hasMessage(file + "tensor ids: expected numbers, found I32");
            assertThatThrownBy(() -> read.matrix("f64", 1, 1))
                    .isInstanceOf(BadFileException.class)
                    .hasMessage(
                            file + "tensor f64: expected F32, F16, BF16, Q8_0, Q4_0, Q4_K, Q5_K or Q6_K, found F64");
            assertThatThrownBy(() -> read.tensor("other"))
                    .isInstanceOf(MissingTensorException.class)
                    .hasMessage(file + "tensor other is missing");
        }
    }

    @Test
    void tensorsOfAClosedFileCannotBeTouched() throws IOException {
        Safetensors read = written(Map.of("x", Tensor.of(new float[] {1}, 1)), Map.of());
        Tensor tensor = read.tensor("x");

        read.close();

        assertThatThrownBy(tensor::toFloats).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void quantisedTensorsAreNotWritten() throws IOException {
        Tensor quantised = new Tensor(MemorySegment.ofArray(new byte[34]), DType.Q8_0, List.of(32));

        assertThatThrownBy(() -> written(Map.of("q", quantised), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tensor q: safetensors has no type Q8_0");
        assertThat(folder).isEmptyDirectory();
    }

    private static Tensor doubles() {
        return new Tensor(MemorySegment.ofArray(new double[] {0.5}), DType.F64, List.of(1, 1));
    }

    private Safetensors written(Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        Path file = folder.resolve("file.safetensors");
        SafetensorsWriter.write(file, tensors, metadata);
        return Safetensors.open(file);
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) bits[i] = Float.floatToRawIntBits(values[i]);
        return bits;
    }
}
