package sparrow.models.glm4voice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.formats.text.Tokenizer;
import sparrow.formats.text.UnlistedTokens;

/** Ids of GLM-4-Voice, where a tokenizer's files list them and where they do not. */
class VoiceVocabularyTest {
    private static final Path GOLDEN = Path.of(System.getProperty("sparrow.testdata"), "glm-4-voice");

    @TempDir
    private Path folder;

    @Test
    void namesTheAddedTokensAsTheCheckpointDoes() throws IOException {
        Tokenizer tokenizer = Tokenizer.open(GOLDEN.resolve("lm"), UnlistedTokens.NONE);

        // Of the golden checkpoint: 400 byte-pair tokens, audio tokens 422 to 484, padding up to 511.
        new VoiceVocabulary(400, 422, 63)
                .addedTokens()
                .forEach((id, content) ->
                        assertThat(tokenizer.id(content)).as(content).hasValue(id));
        assertThat(VoiceVocabulary.GLM_4_VOICE_9B.addedTokens())
                .hasSize(1024 + 16_383)
                .containsEntry(151_336, "<|user|>")
                .containsEntry(151_347, "<|reserved_151347|>")
                .containsEntry(152_352, "<|reserved_152352|>")
                .containsEntry(168_735, "<|audio_16382|>");
    }

    @Test
    void completesATokenizerWhoseConfigurationHasNoAudioTokens() throws IOException {
        files("{\"added_tokens_decoder\": {\"260\": {\"content\": \"[gMASK]\"}, \"300\": {\"content\": \"<extra>\"}}}");

        Tokenizer tokenizer = Tokenizer.open(folder, new VoiceVocabulary(258, 280, 20));

        assertThat(tokenizer.encode("[gMASK]<sop>ab<|audio_0|><|audio_19|><extra><|reserved_277|>"))
                .containsExactly(260, 262, 256, 280, 299, 300, 277);
        assertThat(tokenizer.id("<|audio_20|>")).isEmpty();
    }

    @Test
    void addsNothingToAnotherVocabulary() throws IOException {
        files("{}");

        Tokenizer tokenizer = Tokenizer.open(folder, VoiceVocabulary.GLM_4_VOICE_9B);

        assertThat(tokenizer.id("<|audio_0|>")).isEmpty();
    }

    /** A tokenizer of the bytes and two words. */
    private void files(String config) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int value = 0; value < 256; value++) lines.append(line(new byte[] {(byte) value}, value));
        lines.append(line("ab".getBytes(StandardCharsets.UTF_8), 256));
        lines.append(line("aba".getBytes(StandardCharsets.UTF_8), 257));
        Files.writeString(folder.resolve("tokenizer.model"), lines);
        Files.writeString(folder.resolve("tokenizer_config.json"), config);
    }

    private static String line(byte[] token, int rank) {
        return Base64.getEncoder().encodeToString(token) + " " + rank + "\n";
    }
}
