package sparrow.formats.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.formats.BadFileException;
import sparrow.tensor.Tensor;

class SafetensorsFolderTest {
    @TempDir
    Path folder;

    @Test
    void tensorsOfAllShardsAreOneCheckpoint() throws IOException {
        shard("model-1.safetensors", "a", 1);
        shard("model-2.safetensors", "b", 2);
        index("{\"a\": \"model-1.safetensors\", \"b\": \"model-2.safetensors\"}");

        try (SafetensorsFolder read = SafetensorsFolder.open(folder)) {
            assertThat(read.names()).containsExactlyInAnyOrder("a", "b");
            assertThat(read.floats("a", 1)).containsExactly(1);
            assertThat(read.floats("b", 1)).containsExactly(2);
            assertThatThrownBy(() -> read.tensor("c"))
                    .isInstanceOf(MissingTensorException.class)
                    .hasMessage(folder + ": tensor c is missing");
        }
    }

    @Test
    void folderWithoutIndexIsAllItsModelFiles() throws IOException {
        shard("model.safetensors", "a", 1);
        shard("model-extra.safetensors", "b", 2);
        shard("optimizer.safetensors", "c", 3);

        try (SafetensorsFolder read = SafetensorsFolder.open(folder)) {
            assertThat(read.names()).containsExactlyInAnyOrder("a", "b");
        }
    }

    @Test
    void checkpointOfTheGoldenDataIsWhole() throws IOException {
        Path lm = Path.of(System.getProperty("sparrow.testdata"), "glm-4-voice", "lm");
        try (SafetensorsFolder read = SafetensorsFolder.open(lm)) {
            assertThat(read.names()).contains("transformer.embedding.word_embeddings.weight");
            assertThat(read.tensor("transformer.embedding.word_embeddings.weight")
                            .shape())
                    .containsExactly(512, 64);
        }
    }

    @Test
    void missingShardIsNamed() throws IOException {
        index("{\"a\": \"model-1.safetensors\"}");

        refused(folder.resolve("model-1.safetensors") + ": missing shard, named by " + indexFile());
    }

    @Test
    void tensorThatItsShardLacksIsNamed() throws IOException {
        shard("model-1.safetensors", "a", 1);
        index("{\"b\": \"model-1.safetensors\"}");

        assertThatThrownBy(() -> SafetensorsFolder.open(folder).close())
                .isInstanceOf(MissingTensorException.class)
                .hasMessage(folder.resolve("model-1.safetensors") + ": tensor b is missing");
    }

    @Test
    void tensorInTwoShardsIsRefused() throws IOException {
        shard("model-1.safetensors", "a", 1);
        shard("model-2.safetensors", "a", 2);

        refused(folder.resolve("model-2.safetensors") + ": tensor a: is also in another shard");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc/hostname",
                "../model.safetensors",
                "sub/model.safetensors",
                "./model-1.safetensors",
                "..",
                ".",
                "/",
                "",
                "a\\\\b",
                "a\\u0000b",
                "a\\nb"
            })
    void shardOutsideOfTheFolderIsRefused(String name) throws IOException {
        shard("model-1.safetensors", "a", 1);
        index("{\"a\": \"" + name + "\"}");

        refused(indexFile() + ": weight_map: a: expected a file name, found \"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "{\"weight_map\": {}} x"})
    void indexThatIsNoObjectIsRefused(String text) throws IOException {
        Files.writeString(indexFile(), text);

        refused(indexFile() + (text.startsWith("{") ? ": not JSON: " : ": expected a JSON object"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"weight_map\": {}}", "{\"weight_map\": []}", "{\"weight_map\": \"a\"}"})
    void indexWithoutTensorsIsRefused(String text) throws IOException {
        Files.writeString(indexFile(), text);

        refused(indexFile() + ": weight_map: expected tensor names with their files");
    }

    @Test
    void tensorNamedTwiceByTheIndexIsRefused() throws IOException {
        shard("model-1.safetensors", "a", 1);
        index("{\"a\": \"model-1.safetensors\", \"a\": \"model-1.safetensors\"}");

        refused(indexFile() + ": not JSON: ");
    }

    @Test
    void shardWhoseNameIsNoFileNameIsRefused() throws IOException {
        index("{\"a\": \"\\ud800\"}");

        refused(indexFile() + ": weight_map: a: expected a file name, found ");
    }

    @Test
    void brokenShardIsNamed() throws IOException {
        shard("model-1.safetensors", "a", 1);
        Files.writeString(folder.resolve("model-2.safetensors"), "garbage, but long enough");

        refused(folder.resolve("model-2.safetensors") + ": header length: ");
    }

    @Test
    void folderWithoutModelAndMissingFolderAreRefused() {
        refused(folder + ": expected model*.safetensors, found none");
        assertThatThrownBy(() -> SafetensorsFolder.open(folder.resolve("x")).close())
                .isInstanceOf(BadFileException.class)
                .hasMessage(folder.resolve("x") + ": no such folder");
    }

    private void refused(String start) {
        assertThatThrownBy(() -> SafetensorsFolder.open(folder).close())
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(start)
                .hasMessageNotContaining("\n");
    }

    private void shard(String file, String tensor, float value) throws IOException {
        SafetensorsWriter.write(folder.resolve(file), Map.of(tensor, Tensor.of(new float[] {value}, 1)), Map.of());
    }

    private void index(String map) throws IOException {
        Files.writeString(indexFile(), "{\"metadata\": {\"total_size\": 8}, \"weight_map\": " + map + "}");
    }

    private Path indexFile() {
        return folder.resolve("model.safetensors.index.json");
    }
}
