package sparrow.bench.synth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.formats.text.Tokenizer;

/** A made-up vocabulary is one: as large as it should be, and every token can be reached. */
class SyntheticBytePairsTest {
    private static final String TEXT = "You are a helpful assistant.";

    @TempDir
    private Path folder;

    @Test
    void asManyTokensAsPublishedEachOnceAndEachMadeOfTwo() {
        SyntheticBytePairs pairs = new SyntheticBytePairs(151_643, List.of(TEXT));

        assertThat(pairs.tokens()).hasSize(151_643);
        assertThat(pairs.tokens().stream().map(token -> new String(token, StandardCharsets.ISO_8859_1)))
                .doesNotHaveDuplicates();
        assertThat(pairs.merges()).hasSize(151_643 - 256);
    }

    @Test
    void bothFormsAreReadAndTakeATextWordByWord() throws IOException {
        SyntheticBytePairs pairs = new SyntheticBytePairs(3_000, List.of(TEXT));
        Map<Integer, String> added = new TreeMap<>(Map.of(3_000, "<|end|>", 3_001, "<|user|>"));
        SyntheticFiles.byteLevel(folder, pairs, added, "Qwen2Tokenizer");
        SyntheticFiles.tiktoken(folder, pairs, added, "ChatGLM4Tokenizer");

        List<Tokenizer> both =
                List.of(Tokenizer.openByteLevel(folder), Tokenizer.open(folder, (textTokens, listed) -> Map.of()));

        for (Tokenizer tokenizer : both) {
            assertThat(tokenizer.textTokens()).isEqualTo(3_000);
            assertThat(tokenizer.id("<|user|>")).hasValue(3_001);
            assertThat(tokenizer.encodeText(TEXT)).hasSize(6);
            assertThat(tokenizer.decode(tokenizer.encodeText(TEXT + " Ünknown 漢字\n")))
                    .isEqualTo(TEXT + " Ünknown 漢字\n");
        }
    }

    /** By a file that the official library wrote. It refuses a file that lacks a field of a byte-level part. */
    @Test
    void tokenizerJsonHasTheFieldsOfTheOfficialLibrary() throws IOException {
        Map<Integer, String> added = new TreeMap<>(Map.of(0, "<|pad|>", 1, "<|im_end|>"));
        SyntheticFiles.tokenizerJson(folder, new SyntheticBytePairs(300, List.of(TEXT)), added);
        ObjectMapper json = new ObjectMapper();
        JsonNode own = json.readTree(folder.resolve("tokenizer.json").toFile());
        JsonNode official = json.readTree(Path.of(System.getProperty("sparrow.testdata"))
                .resolve("lfm2-audio/a/tokenizer.json")
                .toFile());

        for (String part : List.of("version", "pre_tokenizer", "decoder")) {
            assertThat(own.get(part)).as(part).isEqualTo(official.get(part));
        }
        assertThat(own.at("/model/ignore_merges")).isEqualTo(official.at("/model/ignore_merges"));
        // An added token without an entry in the vocabulary would get another id.
        for (JsonNode token : own.get("added_tokens")) {
            assertThat(own.at("/model/vocab").get(token.get("content").textValue()))
                    .isEqualTo(token.get("id"));
        }
    }

    @Test
    void fewerThanTheBytesAreRefused() {
        assertThatThrownBy(() -> new SyntheticBytePairs(255, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected 256 or more, got 255");
    }
}
