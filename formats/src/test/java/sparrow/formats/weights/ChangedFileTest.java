package sparrow.formats.weights;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.formats.BadFileException;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;

/** A weights file that was cut or written to while it is open is noticed when one looks, before its pages are read. */
class ChangedFileTest {
    @TempDir
    private Path folder;

    private Path safetensors(String name) throws IOException {
        Path file = folder.resolve(name);
        SafetensorsWriter.write(file, Map.of("a", Tensor.of(new float[] {1}, 1)), Map.of());
        return file;
    }

    private static void cut(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }
    }

    @Test
    void cutFileIsNoticed() throws IOException {
        Path file = safetensors("model.safetensors");
        try (SafetensorsFolder open = SafetensorsFolder.open(folder)) {
            assertThatNoException().isThrownBy(open::requireUnchanged);
            long size = Files.size(file);
            cut(file);

            assertThatThrownBy(open::requireUnchanged)
                    .isInstanceOf(BadFileException.class)
                    .hasMessage(file + ": was changed while it was in use (" + size
                            + " bytes, now 0): open the model again");
        }
    }

    @Test
    void cutGgufFileIsNoticed() throws IOException {
        Path file = folder.resolve("model.gguf");
        TensorDescription entry = new TensorDescription("a", DType.F32, List.of(1));
        GgufWriter.write(file, Map.of(), List.of(entry), (tensor, to) -> tensor.write(new float[] {1}, to));
        try (Gguf open = Gguf.open(file)) {
            assertThatNoException().isThrownBy(open::requireUnchanged);
            cut(file);

            assertThatThrownBy(open::requireUnchanged).hasMessageContaining("was changed while it was in use");
        }
    }

    @Test
    void writingOverWithoutAnotherSizeIsNoticed() throws IOException {
        Path file = safetensors("a.safetensors");
        try (Safetensors open = Safetensors.open(file)) {
            Files.setLastModifiedTime(file, FileTime.fromMillis(0));

            assertThatThrownBy(open::requireUnchanged).hasMessageContaining("was changed while it was in use");
        }
    }

    @Test
    void deletedAndReplacedFilesAreStillThere() throws IOException {
        Path file = safetensors("a.safetensors");
        try (Safetensors open = Safetensors.open(file)) {
            Files.move(safetensors("b.safetensors"), file, StandardCopyOption.REPLACE_EXISTING);
            assertThatNoException().isThrownBy(open::requireUnchanged);

            Files.delete(file);
            assertThatNoException().isThrownBy(open::requireUnchanged);
        }
    }
}
