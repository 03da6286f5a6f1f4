package sparrow.formats.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.tensor.DType;

/** Tensors whose contents are created while a file is written. */
class WeightWritersTest {
    private static final List<TensorDescription> TENSORS = List.of(
            new TensorDescription("a.weight", DType.F32, List.of(3, 5, 2)),
            new TensorDescription("a.bias", DType.F32, List.of(3)),
            new TensorDescription("none", DType.F32, List.of(0, 4)),
            new TensorDescription("ünicode", DType.F32, List.of(1)));

    @TempDir
    private Path folder;

    /** Writes the index of each element in pieces of at most 7. */
    private static final TensorContents COUNTING = (tensor, to) -> {
        for (int at = 0; at < tensor.elements(); at += 7) {
            ByteBuffer piece = ByteBuffer.allocate(4 * (int) Math.min(7, tensor.elements() - at))
                    .order(ByteOrder.LITTLE_ENDIAN);
            for (int i = at; piece.hasRemaining(); i++)
                piece.putFloat(tensor.name().length() * 100 + i);
            to.write(piece.flip());
        }
    };

    @Test
    void safetensorsWrittenInPiecesAreRead() throws IOException {
        Path file = folder.resolve("model.safetensors");

        SafetensorsWriter.write(file, TENSORS, Map.of("format", "pt"), COUNTING);

        try (Checkpoint checkpoint = Safetensors.open(file)) {
            assertThat(checkpoint.metadata()).isEqualTo(Map.of("format", "pt"));
            assertThat(checkpoint.names()).containsExactlyInAnyOrder("a.weight", "a.bias", "none", "ünicode");
            for (TensorDescription tensor : TENSORS) {
                assertThat(checkpoint.tensor(tensor.name()).shape()).isEqualTo(tensor.shape());
                assertThat(checkpoint.tensor(tensor.name()).toFloats())
                        .containsExactly(IntStream.range(0, (int) tensor.elements())
                                .mapToObj(i -> (float) (tensor.name().length() * 100 + i))
                                .toArray(Float[]::new));
            }
        }
    }

    @Test
    void contentsOfAnotherLengthAreRejectedAndLeaveNothing() {
        TensorContents tooLong = (tensor, to) -> to.write(ByteBuffer.allocate((int) tensor.bytes() + 4));
        TensorContents tooShort = (tensor, to) -> {};

        for (TensorContents contents : List.of(tooLong, tooShort)) {
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
    void aNameThatOccursTwiceIsRejected() {
        List<TensorDescription> twice = List.of(TENSORS.getFirst(), TENSORS.getFirst());

        assertThatThrownBy(() -> SafetensorsWriter.write(folder.resolve("a"), twice, Map.of(), COUNTING))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tensor name a.weight occurs twice");
    }
}
