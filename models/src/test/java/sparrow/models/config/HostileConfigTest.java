package sparrow.models.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.formats.BadFileException;
import sparrow.formats.JsonFile;

/** Configuration files that were damaged or made to do harm are refused by name, in one short line. */
class HostileConfigTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void choose() {
        file = folder.resolve("config");
    }

    private AbstractThrowableAssert<?, ?> refused(ThrowingCallable reading) {
        return assertThatThrownBy(reading)
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(file + ": ")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1500).doesNotContain("\n"));
    }

    @Test
    void jsonKeysThatStandTwice() throws IOException {
        Files.writeString(file, "{\"a\": 1, \"a\": 2}");

        refused(() -> JsonFile.read(file)).hasMessageContaining("Duplicate field 'a'");
    }

    @Test
    void bytesThatLookLikeUtf32() throws IOException {
        Files.write(file, HexFormat.of().parseHex("0000007b7fffffff"));

        refused(() -> JsonFile.read(file)).hasMessageContaining("not JSON");
    }

    @Test
    void jsonLargerThanAConfiguration() throws IOException {
        Files.writeString(file, "{\"a\": [" + "[],".repeat(2 << 20) + "[]]}");

        refused(() -> JsonFile.read(file)).hasMessageContaining("expected JSON of at most 4 MiB");
    }

    @Test
    void longValues() throws IOException {
        Files.writeString(file, "{\"a\": \"" + "x".repeat(1 << 20) + "\"}");
        refused(() -> JsonFile.read(file).positive("a")).hasMessageContaining("a: expected a whole number");

        Files.writeString(file, "a: " + "x".repeat(60 << 10));
        refused(() -> YamlConfig.read(file).positive("a")).hasMessageContaining("a: expected a whole number");
    }

    @Test
    void jsonOfManySmallNodes() throws IOException {
        Files.writeString(file, "{\"a\": [" + "{},".repeat(1_000_000) + "{}]}");

        refused(() -> JsonFile.read(file)).hasMessageContaining("more than 250000 brackets");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[],", "1,", "&a ,", "{a: },"})
    void yamlOfManySmallNodes(String element) throws IOException {
        Files.writeString(file, "a: [" + element.repeat((60 << 10) / element.length()) + "]");

        refused(() -> YamlConfig.read(file)).hasMessageContaining("at most 10000");
    }

    @Test
    void yamlLargerThanAConfiguration() throws IOException {
        Files.writeString(file, "a: [" + "1,".repeat(70_000) + "1]");

        refused(() -> YamlConfig.read(file)).hasMessageContaining("at most 64 KiB");
    }

    @Test
    void yamlListsOfManyElementsByTheirAlias() throws IOException {
        Files.writeString(file, "a: &a [" + "1,".repeat(8_000) + "1]\nb: [" + "*a,".repeat(49) + "*a]\n");

        refused(() -> YamlConfig.read(file).integerLists("b")).hasMessageContaining("at most 1000 elements");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: \"\\U99999999\"", "a: \"\\Uffffffff\"", "!<tag:\\U> a"})
    void yamlThatItsLibraryStumblesOver(String text) throws IOException {
        Files.writeString(file, text);

        refused(() -> YamlConfig.read(file)).hasMessageContaining("not YAML");
    }
}
