package sparrow.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The cache lies where the environment says, and keeps nothing of processes that were killed. */
class CacheFolderTest {
    private static final int FILLERS = 8;
    private static final int FILLINGS = 20;

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
    void aTemporaryFolderReplacesACacheThatCannotBeWritten() throws IOException {
        Path target = Files.writeString(cache.resolve("file"), "").resolve("sparrow/bundled-1");
        Path temporary = Files.createDirectory(cache.resolve("temporary"));
        CacheFolder.Filling filling = partial -> Files.writeString(partial.resolve("file"), "content");

        Path folder = CacheFolder.filledAnywhere(target, filling, temporary);
        assertThat(folder.getParent()).isEqualTo(temporary);
        assertThat(folder.resolve("file")).hasContent("content");

        Path missing = cache.resolve("missing");
        assertThatThrownBy(() -> CacheFolder.filledAnywhere(target, filling, missing))
                .hasMessageStartingWith(target + ": cannot be unpacked there")
                .hasMessageContaining(missing.toString());
    }

    /** Eight processes fill an empty cache at the same moment, twenty times. */
    @Test
    void processesThatFillTheSameFolderAtTheSameMomentAllUseIt() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < FILLERS; i++) {
            Path output = cache.resolve("output-" + i);
            processes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            location(CacheFolder.class) + File.pathSeparator + location(Filler.class),
                            Filler.class.getName(),
                            cache.toString(),
                            Integer.toString(i))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start());
        }

        for (int i = 0; i < FILLERS; i++) {
            assertThat(processes.get(i).waitFor())
                    .as(Files.readString(cache.resolve("output-" + i)))
                    .isZero();
        }
        for (int round = 0; round < FILLINGS; round++) {
            assertThat(cache.resolve("cache-" + round))
                    .isDirectoryContaining("glob:**/bundled")
                    .isDirectoryNotContaining("glob:**/unpacking*");
        }
    }

    private static Path location(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** A process that fills new cache folders, each at the same moment as the other processes. */
    static final class Filler {
        private Filler() {}

        public static void main(String[] args) throws IOException {
            Path folder = Path.of(args[0]);
            boolean failed = false;
            for (int round = 0; round < FILLINGS; round++) {
                Files.createFile(folder.resolve("ready-" + round + "-" + args[1]));
                for (int i = 0; i < FILLERS; i++) {
                    while (!Files.exists(folder.resolve("ready-" + round + "-" + i))) Thread.onSpinWait();
                }
                try {
                    Path bundled = CacheFolder.filled(folder.resolve("cache-" + round + "/bundled"), partial -> {
                        Files.createDirectory(partial.resolve("inner"));
                        Files.writeString(partial.resolve("inner/file"), "content");
                    });
                    Files.readString(bundled.resolve("inner/file"));
                } catch (IOException e) {
                    // The other processes wait for this one in the next round.
                    System.out.println(e);
                    failed = true;
                }
            }
            System.exit(failed ? 1 : 0);
        }
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
