package sparrow.bench.synth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

    @Test
    void fewerThanTheBytesAreRefused() {
        assertThatThrownBy(() -> new SyntheticBytePairs(255, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected 256 or more, got 255");
    }
}
