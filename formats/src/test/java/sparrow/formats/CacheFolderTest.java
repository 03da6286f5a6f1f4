package sparrow.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The cache lies where the environment says, and keeps nothing of processes that were killed. */
class CacheFolderTest {
    @TempDir
    private Path cache;

    @Test
    void folderIsFilledOnceAndAppearsWhole() throws IOException {
        Path target = cache.resolve("inner/bundled-1");
        CacheFolder.Filling filling = partial -> {
            assertThat(target).doesNotExist();
            Files.writeString(partial.resolve("file"), "content");
        };

        assertThat(CacheFolder.filled(target, filling)).isEqualTo(target);
        assertThat(target.resolve("file")).hasContent("content");
        CacheFolder.filled(target, partial -> {
            throw new IOException("filled twice");
        });
        assertThat(target.getParent()).isDirectoryNotContaining("glob:**unpacking*");
    }

    @Test
    void nothingIsLeftOfWhatCouldNotBeFilled() {
        assertThatThrownBy(() -> CacheFolder.filled(cache.resolve("bundled-1"), partial -> {
                    Files.writeString(partial.resolve("file"), "content");
                    throw new IOException("no space");
                }))
                .hasMessage(cache.resolve("bundled-1") + ": no space");

        assertThat(cache).isEmptyDirectory();
    }

    @Test
    void liesWhereTheEnvironmentSays() {
        assertThat(CacheFolder.of(Map.of("XDG_CACHE_HOME", "/x", "HOME", "/h"), "/u"))
                .isEqualTo(Path.of("/x/sparrow"));
        assertThat(CacheFolder.of(Map.of("XDG_CACHE_HOME", "", "HOME", "/h"), "/u"))
                .isEqualTo(Path.of("/h/.cache/sparrow"));
        assertThat(CacheFolder.of(Map.of("XDG_CACHE_HOME", "relative", "HOME", "/h"), "/u"))
                .isEqualTo(Path.of("/h/.cache/sparrow"));
        assertThat(CacheFolder.of(Map.of(), "/u")).isEqualTo(Path.of("/u/.cache/sparrow"));
    }

    @Test
    void whatWasLeftHalfUnpackedIsRemoved() throws IOException {
        Path old = Files.createDirectory(cache.resolve("unpacking17"));
        Files.writeString(old.resolve("file"), "");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        Path fresh = Files.createDirectory(cache.resolve("unpacking18"));
        Path whole = Files.createDirectory(cache.resolve("bundled-1"));
        Files.setLastModifiedTime(whole, FileTime.from(Instant.now().minus(Duration.ofHours(2))));

        CacheFolder.deleteStale(cache);

        assertThat(old).doesNotExist();
        assertThat(fresh).exists();
        assertThat(whole).exists();
    }

    @DisabledOnOs(OS.WINDOWS)
    @Test
    void whatAnotherProcessTookAwayInTheMeantimeIsNoFailure() throws IOException {
        Files.createSymbolicLink(cache.resolve("unpacking19"), cache.resolve("away"));

        assertThat(CacheFolder.filled(cache.resolve("bundled-1"), _ -> {})).exists();
    }

    @DisabledOnOs(OS.WINDOWS)
    @Test
    void itsUserAloneMayEnter() throws IOException {
        Path target = CacheFolder.filled(cache.resolve("sparrow/onednn/version"), _ -> {});

        for (Path folder = target; !folder.equals(cache); folder = folder.getParent()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                    .as("%s", folder)
                    .isEqualTo("rwx------");
        }
    }
}
