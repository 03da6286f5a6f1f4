package sparrow.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bundled model is another artifact: there, unpacked once, or missed in one line. */
class BundledModelFilesTest {
    private static final String ROOT = "META-INF/sparrow/tiny/";
    private static final Path TOKENIZER = Path.of("tokenizer", "model.safetensors");

    @Test
    void liesInAFolderWhereItIsBuilt() throws IOException {
        assertThat(Files.size(BundledModel.folder().resolve("lm/model.safetensors")))
                .isGreaterThan(1_000_000);
    }

    @Test
    void aChangedByteIsUnpackedIntoAnotherFolder(@TempDir Path place) throws IOException {
        Path cache = place.resolve("cache");
        byte[] weights = new byte[100];

        Path first = unpacked(jar(place.resolve("first.jar"), weights), cache);
        Path again = unpacked(jar(place.resolve("again.jar"), weights), cache);
        weights[50]++;
        Path changed = unpacked(jar(place.resolve("changed.jar"), weights), cache);

        assertThat(again).isEqualTo(first);
        assertThat(changed).isNotEqualTo(first);
        assertThat(changed.resolve(TOKENIZER)).hasBinaryContent(weights);
    }

    @Test
    void isUnpackedIntoATemporaryFolderWithoutAWritableCache(@TempDir Path place) throws IOException {
        byte[] weights = new byte[100];
        Path cache = Files.writeString(place.resolve("file"), "").resolve("cache");

        assertThat(unpacked(jar(place.resolve("a.jar"), weights), cache).resolve(TOKENIZER))
                .hasBinaryContent(weights);
    }

    /** Runtime images and servers have addresses of their own for what lies in an artifact. */
    @Test
    void aChangedByteAtAnotherKindOfAddressIsUnpackedIntoAnotherFolder(@TempDir Path place) throws IOException {
        byte[] weights = new byte[100];

        Path first = BundledModel.folder(new Elsewhere(weights.clone()), place);
        weights[50]++;
        Path changed = BundledModel.folder(new Elsewhere(weights), place);

        assertThat(changed).isNotEqualTo(first);
        assertThat(changed.resolve(TOKENIZER)).hasBinaryContent(weights);
    }

    /** Files of the model's names at addresses that are neither files nor in jars. */
    private static final class Elsewhere extends ClassLoader {
        private final byte[] tokenizer;

        Elsewhere(byte[] tokenizer) {
            super(null);
            this.tokenizer = tokenizer;
        }

        @Override
        public URL getResource(String name) {
            byte[] content = name.equals(ROOT + TOKENIZER) ? tokenizer : name.getBytes(StandardCharsets.UTF_8);
            URLStreamHandler handler = new URLStreamHandler() {
                @Override
                protected URLConnection openConnection(URL url) {
                    return new URLConnection(url) {
                        @Override
                        public void connect() {}

                        @Override
                        public InputStream getInputStream() {
                            return new ByteArrayInputStream(content);
                        }
                    };
                }
            };
            try {
                return URL.of(URI.create("elsewhere:" + name), handler);
            } catch (MalformedURLException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static Path unpacked(Path jar, Path cache) throws IOException {
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
            return BundledModel.folder(loader, cache);
        }
    }

    /** An artifact with files of the model's names. */
    private static Path jar(Path file, byte[] tokenizer) throws IOException {
        Path model = BundledModel.folder();
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file));
                Stream<Path> files = Files.walk(model)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                Path name = model.relativize(each);
                jar.putNextEntry(new ZipEntry(ROOT + name));
                jar.write(name.equals(TOKENIZER) ? tokenizer : name.toString().getBytes(StandardCharsets.UTF_8));
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
                            + " io.github.sparrow-slm:sparrow-bundled, or a model folder");
        }
    }
}
