package sparrow.models.tiny;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bundled model is another artifact: there, unpacked once, or missed in one line. */
class BundledModelFilesTest {
    private static final Path TOKENIZER = Path.of("tokenizer", "model.safetensors");

    @Test
    void liesInAFolderWhereItIsBuilt() throws IOException {
        assertThat(Files.size(BundledModel.folder().resolve("lm/model.safetensors")))
                .isGreaterThan(1_000_000);
    }

    @Test
    void aChangedByteIsUnpackedIntoAnotherFolder(@TempDir Path place) throws IOException {
        Path cache = place.resolve("cache");
        byte[] weights = Files.readAllBytes(BundledModel.folder().resolve(TOKENIZER));

        Path first = unpacked(jar(place.resolve("first.jar"), weights), cache);
        Path again = unpacked(jar(place.resolve("again.jar"), weights), cache);
        weights[weights.length / 2]++;
        Path changed = unpacked(jar(place.resolve("changed.jar"), weights), cache);

        assertThat(again).isEqualTo(first);
        assertThat(changed).isNotEqualTo(first);
        assertThat(changed.resolve(TOKENIZER)).hasBinaryContent(weights);
    }

    private static Path unpacked(Path jar, Path cache) throws IOException {
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
            return BundledModel.folder(loader, cache);
        }
    }

    /** The bundled model's artifact with other weights of the tokenizer. */
    private static Path jar(Path file, byte[] tokenizer) throws IOException {
        Path model = BundledModel.folder();
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file));
                Stream<Path> files = Files.walk(model)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                Path name = model.relativize(each);
                jar.putNextEntry(new ZipEntry("META-INF/sparrow/tiny/" + name));
                jar.write(name.equals(TOKENIZER) ? tokenizer : Files.readAllBytes(each));
                jar.closeEntry();
            }
        }
        return file;
    }

    @Test
    void whatToPutOnTheClassPathIsSaid() throws IOException {
        try (URLClassLoader nothing = new URLClassLoader(new URL[0], null)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> BundledModel.folder(nothing))
                    .withMessage("bundled model: not on the class path; expected the artifact"
                            + " io.github.sparrow-slm:sparrow-bundled there, or a model that is named");
        }
    }
}
