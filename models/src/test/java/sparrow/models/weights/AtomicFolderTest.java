package sparrow.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder appears complete or not at all; what a killed process left is removed, what a living one writes is not. */
class AtomicFolderTest {
    @TempDir
    private Path around;

    private Path folder;

    @BeforeEach
    void choose() {
        folder = around.resolve("q8");
    }

    @Test
    void appearsWithItsContentAndNothingElse() throws IOException {
        try (AtomicFolder made = AtomicFolder.begin(folder)) {
            Files.writeString(made.path().resolve("file"), "content");
            assertThat(folder).doesNotExist();
            made.finish();
        }

        assertThat(names(around)).containsExactly("q8");
        assertThat(names(folder)).containsExactly("file");
    }

    @Test
    void isGoneIfItWasNotFinished() throws IOException {
        try (AtomicFolder made = AtomicFolder.begin(folder)) {
            Files.writeString(made.path().resolve("file"), "content");
        }

        assertThat(names(around)).isEmpty();
    }

    @Test
    void whatAKilledProcessLeftIsRemoved() throws IOException {
        Path left = Files.createDirectory(around.resolve(".q8.0123456789abcdef.part"));
        Files.writeString(left.resolve(".lock"), "");
        Files.writeString(left.resolve("model.gguf"), "gigabytes");
        Path other = Files.createDirectory(around.resolve(".q8-2.0123456789abcdef.part"));
        Files.writeString(other.resolve(".lock"), "");

        try (AtomicFolder made = AtomicFolder.begin(folder)) {
            assertThat(left).doesNotExist();
            assertThat(other).exists();
            made.finish();
        }
    }

    @Test
    void whatALivingOneWritesStays() throws IOException {
        try (AtomicFolder one = AtomicFolder.begin(folder);
                AtomicFolder two = AtomicFolder.begin(folder)) {
            Files.writeString(one.path().resolve("file"), "of one");
            Files.writeString(two.path().resolve("file"), "of two");
            one.finish();

            assertThatThrownBy(two::finish).isInstanceOf(IOException.class);
        }

        assertThat(folder.resolve("file")).hasContent("of one");
        assertThat(names(around)).containsExactly("q8");
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
