package sparrow.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.formats.BadFileException;

/** Which family reads a folder, and what is said of one that none reads. */
class FamiliesTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "config.json, chatglm, GLM-4-Voice",
        "lm/config.json, chatglm, GLM-4-Voice",
        "glm-4-voice-9b/config.json, chatglm, GLM-4-Voice",
        "config.json, step_audio_2, Step-Audio-2",
    })
    void aFamilyIsToldByTheModelTypeOfItsConfiguration(String file, String type, String family) throws IOException {
        write(file, "{\"model_type\": \"" + type + "\"}");

        assertThat(Families.of(folder).name()).isEqualTo(family);
    }

    @Test
    void aFamilyMayBeToldByTheArchitectureOfItsConfiguration() throws IOException {
        write("config.json", "{\"architectures\": [\"Lfm2AudioForConditionalGeneration\"]}");

        assertThat(Families.of(folder).name()).isEqualTo("LFM2.5-Audio");
    }

    @Test
    void lfm2AudioThatSpeaksThroughMimiIsRefused() throws IOException {
        write("config.json", "{\"architectures\": [\"Lfm2AudioForConditionalGeneration\"]}");

        assertThatThrownBy(() ->
                        Families.of(folder).open(folder, Optional.empty(), Optional.empty(), Optional.empty(), null))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("speech decoder: expected a folder audio_detokenizer (LFM2.5-Audio), found none")
                .hasMessageContaining("Mimi");
    }

    @Test
    void aFolderOfNoFamilyIsRefusedWithWhatWasLookedFor() {
        assertThatThrownBy(() -> Families.of(folder))
                .isInstanceOf(BadFileException.class)
                .hasMessage(folder + ": language model: expected config.json of model_type chatglm or step_audio_2, or"
                        + " architectures Lfm3AudioForConditionalGeneration or Lfm2AudioForConditionalGeneration, here or"
                        + " in a folder glm-4-voice-9b or lm, found none");
    }

    @Test
    void aLanguageModelAloneIsRefusedAsSuch() throws IOException {
        write("model.gguf", "");

        assertThatThrownBy(() -> Families.of(folder))
                .hasMessageEndingWith("found only model.gguf, a language model without its audio parts");
    }

    @Test
    void foldersOfTheAudioPartsAloneAreNoModel() throws IOException {
        Files.createDirectories(folder.resolve("tokenizer"));
        Files.createDirectories(folder.resolve("decoder"));

        assertThatThrownBy(() -> Families.of(folder)).hasMessageContaining("expected config.json of model_type");
    }

    @ParameterizedTest
    @CsvSource({"config.json, llama", "lm/config.json, step_audio_2", "lm/config.json, llama"})
    void anotherModelTypeIsNamedWithItsFile(String file, String type) throws IOException {
        write(file, "{\"model_type\": \"" + type + "\"}");

        assertThatThrownBy(() -> Families.of(folder))
                .isInstanceOf(BadFileException.class)
                .hasMessage(folder.resolve(file) + ": model_type: expected chatglm or step_audio_2, or architectures"
                        + " Lfm3AudioForConditionalGeneration or Lfm2AudioForConditionalGeneration, found \"" + type
                        + "\"");
    }

    @Test
    void aFileAndNothingAreNoFolder() throws IOException {
        Path file = Files.writeString(folder.resolve("model.gguf"), "");

        assertThatThrownBy(() -> Families.of(file)).hasMessage(file + ": expected a model folder, found a file");
        assertThatThrownBy(() -> Families.of(folder.resolve("gone")))
                .hasMessage(folder.resolve("gone") + ": no such model folder");
    }

    @Test
    void everyFamilyHasANameAndAPublishedModelOfItsOwn() {
        assertThat(Families.ALL).extracting(family -> family.name()).doesNotHaveDuplicates();
        assertThat(SpokenModels.published())
                .extracting(model -> model.name())
                .containsExactly("glm-4-voice-9b", "step-audio-2-mini", "lfm3-audio-2b", "lfm2.5-audio-1.5b");
    }

    private void write(String file, String json) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, json);
    }
}
