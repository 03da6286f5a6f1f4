package sparrow.models.glm4voice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.formats.BadFileException;
import sparrow.speech.encode.WhisperVqConfig;

class WhisperVqConfigsTest {
    private static final Path TESTDATA = Path.of(System.getProperty("sparrow.testdata"));
    private static final Path GLM = TESTDATA.resolve("glm-4-voice/speech_tokenizer");
    private static final Path TINY = TESTDATA.resolve("../bundled/src/main/resources/META-INF/sparrow/tiny/tokenizer");

    @TempDir
    private Path folder;

    @Test
    void readsTheReleasedLayout() throws IOException {
        assertThat(WhisperVqConfigs.config(GLM)).isEqualTo(new WhisperVqConfig(128, 40, 4, 96, 3, 40, 4, 64, 1500));
    }

    @Test
    void readsTheBundledModel() throws IOException {
        assertThat(WhisperVqConfigs.config(TINY)).isEqualTo(new WhisperVqConfig(80, 192, 4, 512, 4, 40, 4, 512, 1500));
    }

    @ParameterizedTest(name = "{1}: {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "config.json|activation_function|\"gelu\"|\"relu\"|expected gelu, found \"relu\"",
                "config.json|encoder_causal_convolution|true|false|expected true, found false",
                "config.json|encoder_causal_attention|false|true|expected false, found true",
                "config.json|pooling_type|\"avg\"|\"max\"|expected avg, found \"max\"",
                "config.json|pooling_position|3|2|expected 3, found 2",
                "config.json|encoder_layers|6|2|quantize_position: expected at most encoder_layers, found 3",
                "config.json|encoder_attention_heads|4|3|expected a divisor of d_model 40, got 3",
                "config.json|d_model|40|-1|expected a whole number of 1 or more, found -1",
                "config.json|d_model|40|null|is missing",
                "preprocessor_config.json|feature_size|128|80|expected 128, found 80",
                "preprocessor_config.json|hop_length|160|256|expected 160, found 256",
                "preprocessor_config.json|sampling_rate|16000|24000|expected 16000, found 24000"
            })
    void refusesWhatItDoesNotKnowNamingFileAndKey(String file, String key, String is, String becomes, String fault)
            throws IOException {
        for (String name : new String[] {"config.json", "preprocessor_config.json"}) {
            String text = Files.readString(GLM.resolve(name));
            String entry = "\"" + key + "\": ";
            if (name.equals(file)) {
                assertThat(text).contains(entry + is);
                text = text.replace(entry + is, entry + becomes);
            }
            Files.writeString(folder.resolve(name), text);
        }

        assertThatThrownBy(() -> WhisperVqConfigs.config(folder))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(folder.resolve(file) + ": ")
                .hasMessageContaining(fault)
                .satisfies(e -> assertThat(e.getMessage()).containsAnyOf(key, "quantize_position"));
    }

    @Test
    void refusesAFolderWithoutConfig() {
        assertThatThrownBy(() -> WhisperVqConfigs.config(folder))
                .isInstanceOf(BadFileException.class)
                .hasMessage(folder.resolve("config.json") + ": no such file");
    }
}
