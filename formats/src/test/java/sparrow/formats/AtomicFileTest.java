package sparrow.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file appears whole or not at all, and a failure names it. */
class AtomicFileTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void choose() throws IOException {
        file = Files.writeString(folder.resolve("file"), "before");
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void takesThePlaceOfTheEarlierOneWhenItIsFinished() throws IOException {
        try (AtomicFile whole = AtomicFile.begin(file)) {
            whole.write(bytes("after"));
            assertThat(file).hasContent("before");
            whole.finish();
        }

        assertThat(file).hasContent("after");
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void leavesTheEarlierOneWhenItFails() {
        assertThatThrownBy(() -> AtomicFile.write(file, whole -> {
                    whole.write(bytes("half"));
                    throw new IOException("on the way");
                }))
                .hasMessage("on the way");

        assertThat(file).hasContent("before");
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    /** Two that write at once do not touch each other's part. */
    @Test
    void isWrittenByTwoAtOnceAndTheLastStays() throws IOException {
        AtomicFile.writeConcurrently(file, first -> {
            first.write(bytes("fir"));
            AtomicFile.writeConcurrently(file, second -> {
                second.write(bytes("second"));
                assertThat(folder.toFile().list()).hasSize(3);
            });
            assertThat(file).hasContent("second");
            first.write(bytes("st"));
        });

        assertThat(file).hasContent("first");
        assertThat(folder.toFile().list()).containsExactly("file");
    }

    /** A run that is stopped keeps what it found. */
    @Test
    void isWrittenToItsEndByAnInterruptedThread() throws IOException {
        Thread.currentThread().interrupt();
        try {
            AtomicFile.write(file, "after");
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }

        assertThat(file).hasContent("after");
    }

    @Test
    void writesOverWhatAKilledProcessLeft() throws IOException {
        Files.writeString(folder.resolve("file.part"), "much longer than what comes now");

        AtomicFile.write(file, new byte[] {'o', 'k'});

        assertThat(file).hasContent("ok");
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void namesTheFileThatTheDiskHasNoRoomFor() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "a device that is always full");

        assertThatThrownBy(() -> AtomicFile.write(full, new byte[] {1}))
                .isInstanceOf(FileSystemException.class)
                .hasMessage("/dev/full: No space left on device");
    }

    @Test
    void refusesFoldersAndMissingOnes() {
        assertThatThrownBy(() -> AtomicFile.begin(folder)).hasMessage(folder + ": is a folder");
        assertThatThrownBy(() -> AtomicFile.begin(folder.resolve("none/file")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage(folder.resolve("none/file") + ": its folder does not exist");
    }
}
