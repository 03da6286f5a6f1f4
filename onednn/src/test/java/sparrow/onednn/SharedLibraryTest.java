package sparrow.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the library is looked for, and what is said where it is not. */
class SharedLibraryTest {
    private static final List<String> NOWHERE = List.of("libno-such-dnnl.so.3");

    @TempDir
    private Path folder;

    @BeforeEach
    void onLinux() {
        assumeThat(System.getProperty("os.name") + " " + System.getProperty("os.arch"))
                .isEqualTo("Linux amd64");
    }

    @Test
    void whereItIsNotOneLineSaysWhereItWasLookedForAndHowToGetIt() throws IOException {
        try (URLClassLoader empty = new URLClassLoader(new URL[0], null)) {
            assertThatThrownBy(() -> SharedLibrary.search(NOWHERE, empty, cache()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll(
                            "not found",
                            "libno-such-dnnl.so.3",
                            "the system's library folders",
                            "on the class path",
                            "apt-get install",
                            "org.bytedeco:dnnl:",
                            "-Dsparrow.onednn=FILE")
                    .extracting(Throwable::getMessage)
                    .asString()
                    .doesNotContain("\n");
        }
    }

    private Path cache() {
        return folder.resolve("cache");
    }

    @Test
    void theOneOfTheClassPathIsUnpackedIntoTheCacheAlone() throws IOException {
        List<String> before = unpacked();

        assertIsFound();

        assertThat(unpacked()).isEqualTo(before);
        assertThat(cache()).isDirectoryRecursivelyContaining("glob:**/libdnnl.so.3");
    }

    @Test
    void whereTheCacheCannotBeWrittenItLeavesNoFileBehind() throws IOException {
        List<String> before = unpacked();
        Files.writeString(cache(), "a file");

        assertIsFound();

        assertThat(unpacked()).isEqualTo(before);
        assertThat(cache()).hasContent("a file");
    }

    private void assertIsFound() {
        assumeThat(getClass().getResource("/org/bytedeco/dnnl/linux-x86_64/libdnnl.so.3"))
                .isNotNull();

        SharedLibrary library = SharedLibrary.search(NOWHERE, getClass().getClassLoader(), cache());

        assertThat(library.symbols().find("dnnl_version")).isPresent();
        assertThat(library.origin()).isEqualTo("org.bytedeco:dnnl on the class path");
    }

    private static List<String> unpacked() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("sparrow-onednn"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aBrokenLibraryOfTheClassPathIsRefusedAndRemoved() throws IOException {
        Path broken = folder.resolve("org/bytedeco/dnnl/linux-x86_64/libdnnl.so.3");
        Files.createDirectories(broken.getParent());
        Files.writeString(broken, "no library");
        List<String> before = unpacked();

        try (URLClassLoader classes =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, null)) {
            assertThatThrownBy(() -> SharedLibrary.search(NOWHERE, classes, cache()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("cannot be loaded");
        }
        assertThat(unpacked()).isEqualTo(before);
    }

    @Test
    void aNamedFileMustBeThereAndBeALibrary() throws IOException {
        Path file = folder.resolve("libdnnl.so");

        assertThatThrownBy(() -> named(file)).hasMessageContainingAll("-Dsparrow.onednn=" + file, "found no file");
        Files.writeString(file, "no library");
        assertThatThrownBy(() -> named(file)).hasMessageContaining("cannot be loaded");
    }

    @Test
    void anotherLibraryIsNotTakenForIt() {
        // The C library is always there.
        SharedLibrary other =
                SharedLibrary.search(List.of("libc.so.6"), getClass().getClassLoader(), cache());

        assertThatThrownBy(() -> OneDnn.load(other))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("expected a function dnnl_version, found none");
    }

    private static SharedLibrary named(Path file) {
        System.setProperty(SharedLibrary.PROPERTY, file.toString());
        try {
            return SharedLibrary.find();
        } finally {
            System.clearProperty(SharedLibrary.PROPERTY);
        }
    }
}
