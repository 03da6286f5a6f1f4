package sparrow.formats.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sparrow.tensor.DType;

/** K-quants against the numbers that ggml's own library reads from the same blocks. */
class KNumbersTest {
    private static final Path FOLDER = Path.of(System.getProperty("sparrow.testdata"), "gguf-k");

    @ParameterizedTest
    @EnumSource(names = {"Q4_K", "Q5_K", "Q6_K"})
    void areReadAsGgmlReadsThem(DType type) throws IOException {
        String name = type.name().toLowerCase(Locale.ROOT);
        try (Gguf gguf = Gguf.open(FOLDER.resolve("blocks.gguf"))) {
            assertThat(gguf.tensor(name).dtype()).isEqualTo(type);
            float[] expected = gguf.floats(name + ".values", -1, 256);

            float[] read = gguf.floats(name, -1, 256);

            // Zeros of either sign are one number.
            for (int i = 0; i < read.length; i++) read[i] += 0f;
            for (int i = 0; i < expected.length; i++) expected[i] += 0f;
            assertThat(read).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"Q4_K", "Q5_K", "Q6_K"})
    void areNotWritten(DType type) {
        byte[] bytes = new byte[type.blockBytes()];

        assertThat(type.isWritable()).isFalse();
        assertThatThrownBy(() -> type.store(new float[256], MemorySegment.ofArray(bytes)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(type + " can be read but not written");
    }
}
