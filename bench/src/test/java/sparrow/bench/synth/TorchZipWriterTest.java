package sparrow.bench.synth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.GgufWriter;
import sparrow.formats.weights.Safetensors;
import sparrow.formats.weights.SafetensorsWriter;
import sparrow.formats.weights.TensorContents;
import sparrow.formats.weights.TensorDescription;
import sparrow.formats.weights.TorchZip;
import sparrow.tensor.DType;

/** Tensors that are made while a file is written: PyTorch's zip form, and safetensors. */
class TorchZipWriterTest {
    private static final List<TensorDescription> TENSORS = List.of(
            new TensorDescription("a.weight", DType.F32, List.of(3, 5, 2)),
            new TensorDescription("a.bias", DType.F32, List.of(3)),
            new TensorDescription("none", DType.F32, List.of(0, 4)),
            new TensorDescription("ünicode", DType.F32, List.of(1)));

    @TempDir
    private Path folder;

    /** The number at a place of a tensor, in pieces of at most 7. */
    private static final TensorContents COUNTING = (tensor, to) -> {
        for (int at = 0; at < tensor.elements(); at += 7) {
            ByteBuffer piece = ByteBuffer.allocate(4 * (int) Math.min(7, tensor.elements() - at))
                    .order(ByteOrder.LITTLE_ENDIAN);
            for (int i = at; piece.hasRemaining(); i++)
                piece.putFloat(tensor.name().length() * 100 + i);
            to.write(piece.flip());
        }
    };

    private static void assertHoldsAll(Checkpoint checkpoint) {
        assertThat(checkpoint.names()).containsExactlyInAnyOrder("a.weight", "a.bias", "none", "ünicode");
        for (TensorDescription tensor : TENSORS) {
            assertThat(checkpoint.tensor(tensor.name()).shape()).isEqualTo(tensor.shape());
            assertThat(checkpoint.tensor(tensor.name()).toFloats())
                    .containsExactly(IntStream.range(0, (int) tensor.elements())
                            .mapToObj(i -> (float) (tensor.name().length() * 100 + i))
                            .toArray(Float[]::new));
        }
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Path file = folder.resolve("flow.pt");

        TorchZipWriter.write(file, TENSORS, COUNTING);

        try (Checkpoint checkpoint = TorchZip.open(file)) {
            assertHoldsAll(checkpoint);
        }
        assertThat(folder).isDirectoryContaining(entry -> entry.equals(file)).isDirectoryNotContaining("glob:**.part");
    }

    /** A reader that is not ours. */
    @Test
    void javaReadsTheArchiveAndItsSumsAreRight() throws IOException {
        Path file = folder.resolve("flow.pt");
        TorchZipWriter.write(file, TENSORS, COUNTING);

        try (java.util.zip.ZipFile zip = new java.util.zip.ZipFile(file.toFile())) {
            assertThat(zip.stream().map(ZipEntry::getName))
                    .containsExactly(
                            "flow/data.pkl",
                            "flow/byteorder",
                            "flow/data/0",
                            "flow/data/1",
                            "flow/data/2",
                            "flow/data/3",
                            "flow/version");
            for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().map(ZipEntry.class::cast)::iterator) {
                byte[] bytes = zip.getInputStream(entry).readAllBytes();
                java.util.zip.CRC32 sum = new java.util.zip.CRC32();
                sum.update(bytes);
                assertThat(sum.getValue()).as(entry.getName()).isEqualTo(entry.getCrc());
                assertThat(bytes).hasSize((int) entry.getSize());
            }
        }
    }

    @Test
    void dataBeginAtMultiplesOf64() throws IOException {
        Path file = folder.resolve("flow.pt");
        TorchZipWriter.write(file, TENSORS, COUNTING);

        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int headers = 0;
        for (int at = 0; at + 4 <= bytes.capacity(); at++) {
            if (bytes.getInt(at) != 0x04034b50) continue;
            headers++;
            assertThat((at + 30 + bytes.getShort(at + 26) + bytes.getShort(at + 28)) % 64)
                    .isZero();
        }
        assertThat(headers).isEqualTo(7);
    }

    @Test
    void contentsOfAnotherLengthAreRefusedAndLeaveNothing() {
        TensorContents tooLong = (tensor, to) -> to.write(ByteBuffer.allocate((int) tensor.bytes() + 4));
        TensorContents tooShort = (tensor, to) -> {};

        for (TensorContents contents : List.of(tooLong, tooShort)) {
            assertThatThrownBy(() -> TorchZipWriter.write(folder.resolve("flow.pt"), TENSORS, contents))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("tensor a.weight: expected 120 bytes, got ");
            assertThatThrownBy(() -> SafetensorsWriter.write(folder.resolve("a"), TENSORS, Map.of(), contents))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("tensor a.weight: expected 120 bytes, got ");
            assertThatThrownBy(() -> GgufWriter.write(folder.resolve("a"), Map.of(), TENSORS, contents))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("tensor a.weight: expected 120 bytes, got ");
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whatAnArchiveCannotHoldIsRefused() {
        List<TensorDescription> large = List.of(new TensorDescription("x", DType.F32, List.of(1 << 15, 1 << 15)));
        List<TensorDescription> half = List.of(new TensorDescription("x", DType.BF16, List.of(2)));

        assertThatThrownBy(() -> TorchZipWriter.write(folder.resolve("a.pt"), large, COUNTING))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("less than 4 GiB");
        assertThatThrownBy(() -> TorchZipWriter.write(folder.resolve("a.pt"), half, COUNTING))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected F32, got BF16");
    }

    @Test
    void safetensorsAreWrittenFromPiecesToo() throws IOException {
        Path file = folder.resolve("model.safetensors");

        SafetensorsWriter.write(file, TENSORS, Map.of("format", "pt"), COUNTING);

        try (Checkpoint checkpoint = Safetensors.open(file)) {
            assertHoldsAll(checkpoint);
            assertThat(checkpoint.metadata()).isEqualTo(Map.of("format", "pt"));
        }
    }

    @Test
    void aNameTwiceIsRefused() {
        List<TensorDescription> twice = List.of(TENSORS.getFirst(), TENSORS.getFirst());

        assertThatThrownBy(() -> SafetensorsWriter.write(folder.resolve("a"), twice, Map.of(), COUNTING))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tensor name a.weight occurs twice");
    }
}
