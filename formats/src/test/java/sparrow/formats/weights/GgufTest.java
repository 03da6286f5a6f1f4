package sparrow.formats.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.formats.BadFileException;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;

/** A GGUF file is read back as it was written, and a file that is not finished never appears. */
class GgufTest {
    @TempDir
    private Path folder;

    @Test
    void metadataOfEveryKindComeBack() throws IOException {
        Map<String, GgufValue> metadata = new LinkedHashMap<>();
        metadata.put("general.architecture", new GgufValue.Text("chatglm"));
        metadata.put("layers", new GgufValue.Whole(40));
        metadata.put("large", new GgufValue.Whole(0xffff_ffffL));
        metadata.put("epsilon", new GgufValue.Number(1e-5f));
        metadata.put("flag", new GgufValue.Flag(true));
        metadata.put("tokens", new GgufValue.Texts(List.of("", "ä", "b\nc")));
        metadata.put("types", new GgufValue.Integers(List.of(1, -3)));

        try (Gguf read = written(metadata, List.of())) {
            GgufMetadata values = read.values();
            assertThat(values.keys()).containsExactlyElementsOf(metadata.keySet());
            assertThat(values.text("general.architecture")).isEqualTo("chatglm");
            assertThat(values.positive("layers")).isEqualTo(40);
            assertThat(values.whole("large")).isEqualTo(0xffff_ffffL);
            assertThat(values.number("epsilon")).isEqualTo(1e-5f);
            assertThat(values.number("layers")).isEqualTo(40);
            assertThat(values.flag("flag")).isTrue();
            assertThat(values.texts("tokens")).containsExactly("", "ä", "b\nc");
            assertThat(values.integers("types")).containsExactly(1, -3);
            assertThat(read.metadata()).containsOnlyKeys("general.architecture");
        }
    }

    @Test
    void wrongAndMissingValuesAreRefusedByKey() throws IOException {
        Map<String, GgufValue> metadata = Map.of(
                "text", new GgufValue.Text("x"),
                "zero", new GgufValue.Whole(0),
                "large", new GgufValue.Whole(0xffff_ffffL),
                "infinite", new GgufValue.Number(Float.POSITIVE_INFINITY),
                "texts", new GgufValue.Texts(List.of("a")));

        try (Gguf read = written(metadata, List.of())) {
            GgufMetadata values = read.values();
            String file = folder.resolve("file.gguf") + ": key ";
            assertThatThrownBy(() -> values.text("none")).hasMessage(file + "none: is missing");
            assertThatThrownBy(() -> values.whole("text"))
                    .hasMessage(file + "text: expected a whole number, found STRING");
            assertThatThrownBy(() -> values.text("texts"))
                    .hasMessage(file + "texts: expected a string, found 1 of STRING");
            assertThatThrownBy(() -> values.integers("texts"))
                    .hasMessage(file + "texts: expected an array of whole numbers, found 1 of STRING");
            assertThatThrownBy(() -> values.positive("zero"))
                    .hasMessage(file + "zero: expected a whole number from 1 to 2^31-1, found 0");
            assertThatThrownBy(() -> values.positive("large")).isInstanceOf(BadFileException.class);
            assertThatThrownBy(() -> values.number("infinite"))
                    .hasMessage(file + "infinite: expected a finite number, found Infinity");
            assertThatThrownBy(() -> values.flag("zero")).hasMessage(file + "zero: expected true or false, found U32");
        }
    }

    @Test
    void tensorsComeBackInTheirTypesAndShapes() throws IOException {
        float[] x = new float[96];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < x.length; i++) x[i] = (float) random.nextDouble(-1, 1);
        List<TensorDescription> entries = List.of(
                new TensorDescription("norm", DType.F32, List.of(3)),
                new TensorDescription("empty", DType.F32, List.of(0, 4)),
                new TensorDescription("ids", DType.I32, List.of(2)),
                new TensorDescription("q8", DType.Q8_0, List.of(3, 32)),
                new TensorDescription("q4", DType.Q4_0, List.of(1, 96)));

        Path file = folder.resolve("file.gguf");
        GgufWriter.write(file, Map.of(), entries, (tensor, to) -> {
            switch (tensor.name()) {
                case "norm" -> tensor.write(new float[] {1, 2, 3}, to);
                case "empty" -> {}
                case "ids" -> TensorContents.write(Tensor.of(new int[] {7, -8}, 2), to);
                case "q8" -> tensor.write(x, to);
                default -> {
                    tensor.write(Arrays.copyOf(x, 32), to);
                    tensor.write(Arrays.copyOfRange(x, 32, 96), to);
                }
            }
            assertThat(file).doesNotExist();
        });

        try (Gguf read = Gguf.open(file)) {
            assertThat(read.names()).containsExactly("norm", "empty", "ids", "q8", "q4");
            assertThat(read.tensor("norm").toFloats()).containsExactly(1, 2, 3);
            assertThat(read.tensor("empty").shape()).containsExactly(0, 4);
            assertThat(read.tensor("ids").toInts()).containsExactly(7, -8);
            assertThat(read.tensor("q8").shape()).containsExactly(3, 32);
            assertThat(read.tensor("q8").data().mismatch(stored(x, DType.Q8_0))).isEqualTo(-1);
            assertThat(read.tensor("q4").data().mismatch(stored(x, DType.Q4_0))).isEqualTo(-1);
            assertThat(read.matrix("q8", 3, 32).dtype()).isEqualTo(DType.Q8_0);
            assertThat(read.tensor("q8").data().address() % 32).isZero();
            assertThatThrownBy(() -> read.tensor("none")).isInstanceOf(MissingTensorException.class);
        }
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void filesOfVersionTwoAndOfWiderAlignmentAreRead() throws IOException {
        GgufBytes bytes =
                GgufBytes.begin(2, 1, 1).text("general.alignment").u32(4).u32(64);
        bytes.tensor("t", 0, 0, 2);
        byte[] header = bytes.done();
        byte[] file = Arrays.copyOf(header, Math.ceilDiv(header.length, 64) * 64 + 8);
        file[file.length - 2] = (byte) 0x80;
        file[file.length - 1] = 0x3f;

        try (Gguf read = Gguf.open(Files.write(folder.resolve("two.gguf"), file))) {
            assertThat(read.tensor("t").toFloats()).containsExactly(0, 1);
        }
    }

    @Test
    void anUnfinishedFileLeavesNothing() throws IOException {
        Path file = Files.writeString(folder.resolve("file.gguf"), "as it was");
        List<TensorDescription> entries = List.of(new TensorDescription("a", DType.F32, List.of(2, 2)));

        assertThatThrownBy(
                        () -> GgufWriter.write(file, Map.of(), entries, (tensor, to) -> tensor.write(new float[2], to)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("tensor a: expected 16 bytes, got 8");

        assertThat(folder).isDirectoryContaining("glob:**file.gguf").isDirectoryNotContaining("glob:**.part");
        assertThat(file).hasContent("as it was");
    }

    @Test
    void namesAndShapesThatGgmlDoesNotReadAreRefused() {
        refused(new TensorDescription("n".repeat(64), DType.F32, List.of(1)))
                .hasMessage("tensor " + "n".repeat(64) + ": expected a name of at most 63 bytes");
        refused(new TensorDescription("a", DType.F32, List.of())).hasMessage("tensor a: expected 1 to 4 axes, got []");
        refused(new TensorDescription("a", DType.F32, List.of(1, 1, 1, 1, 1)))
                .hasMessage("tensor a: expected 1 to 4 axes, got [1, 1, 1, 1, 1]");
        TensorDescription a = new TensorDescription("a", DType.F32, List.of(1));
        refused(a, a).hasMessage("tensor a twice");
        assertThat(folder).isEmptyDirectory();
    }

    private AbstractThrowableAssert<?, ?> refused(TensorDescription... tensors) {
        return assertThatThrownBy(() ->
                        GgufWriter.write(folder.resolve("file.gguf"), Map.of(), List.of(tensors), (tensor, to) -> {}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 31, 48})
    void quantisedColumnsAreWholeBlocks(int columns) {
        assertThatThrownBy(() -> new TensorDescription("a", DType.Q4_0, List.of(2, columns)))
                .hasMessage("tensor a: expected a multiple of 32 columns for Q4_0, got " + columns);
    }

    private Gguf written(Map<String, GgufValue> metadata, List<TensorDescription> entries) throws IOException {
        Path file = folder.resolve("file.gguf");
        GgufWriter.write(file, metadata, entries, (tensor, to) -> {});
        return Gguf.open(file);
    }

    private static MemorySegment stored(float[] x, DType type) {
        MemorySegment bytes = MemorySegment.ofArray(new byte[(int) type.bytes(x.length)]);
        type.store(x, bytes);
        return bytes;
    }
}
