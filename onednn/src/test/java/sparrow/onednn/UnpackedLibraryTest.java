package sparrow.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A library is unpacked once, and again where its file is another than the jar's. */
class UnpackedLibraryTest {
    private static final String LIBRARY = "org/example/libexample.so.3";
    private static final List<String> COMPANIONS = List.of("org/example/libhelp.so.1", "org/example/none.so");
    private static final FileTime LONG_AGO = FileTime.fromMillis(0);

    @TempDir
    private Path folder;

    /** Of a jar of one version. */
    private Path unpacked(String version, String content) throws IOException {
        Path jar = folder.resolve("example-" + version + ".jar");
        try (OutputStream file = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            for (String name : List.of(LIBRARY, COMPANIONS.getFirst())) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write((content + name).getBytes());
            }
        }
        try (URLClassLoader classes = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
            return UnpackedLibrary.in(folder.resolve("cache"), classes, LIBRARY, COMPANIONS);
        }
    }

    @Test
    void itIsUnpackedOnceWithTheLibrariesBesideIt() throws IOException {
        Path file = unpacked("1.2", "code of ");
        Files.setLastModifiedTime(file, LONG_AGO);

        assertThat(unpacked("1.2", "code of ")).isEqualTo(file).hasContent("code of " + LIBRARY);
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(LONG_AGO);
        assertThat(file.resolveSibling("libhelp.so.1")).hasContent("code of " + COMPANIONS.getFirst());
        assertThat(file.getParent().getFileName().toString()).startsWith("example-1.2-");
    }

    @Test
    void aDamagedFileIsReplaced() throws IOException {
        Path file = unpacked("1.2", "code of ");
        for (Path damaged : List.of(file, file.resolveSibling("libhelp.so.1"))) {
            Files.writeString(damaged, Files.readString(damaged).replace("code", "c0de"));
            assertThat(unpacked("1.2", "code of ")).hasContent("code of " + LIBRARY);
            Files.writeString(damaged, "short");
            unpacked("1.2", "code of ");
            assertThat(damaged).content().startsWith("code of ");
        }
    }

    @Test
    void aFolderOfAnotherUserIsRefused() throws IOException {
        Path unpacked = unpacked("1.2", "code of ").getParent();

        UnpackedLibrary.requireOwner(unpacked, Files.getOwner(folder));
        assertThatThrownBy(() -> UnpackedLibrary.requireOwner(unpacked, () -> "somebody"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(unpacked + ": expected a folder of somebody, found one of ");
    }

    @Test
    void otherVersionsAreRemoved() throws IOException {
        Path old = unpacked("1.2", "code of ");

        Path other = unpacked("1.3", "other code of ");
        assertThat(old.getParent()).doesNotExist();
        assertThat(unpacked("1.3", "code under the same name of "))
                .isNotEqualTo(other)
                .exists();
        assertThat(other).doesNotExist();
    }
}
