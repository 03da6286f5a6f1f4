package sparrow.formats.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.formats.BadFileException;

class TiktokenFilesTest {
    /** Tokens that a family has beside those that its files list; the first has the id of a byte. */
    private static final UnlistedTokens UNLISTED = (textTokens, listed) ->
            textTokens == 258 ? Map.of(97, "aba", 260, "<|user|>", 262, "<sop>", 280, "<|audio_0|>") : Map.of();

    @TempDir
    Path folder;

    @BeforeEach
    void aVocabularyOfBytesAndTwoWords() throws IOException {
        model(bytes() + line("ab", 256) + line("aba", 257));
        config("{}");
    }

    @Test
    void addsTokensThatTheFilesDoNotList() throws IOException {
        config(added(260, "[gMASK]", "false").replace("}}", "}, \"300\": {\"content\": \"<sop>\"}}"));

        Tokenizer tokenizer = Tokenizer.open(folder, UNLISTED);

        // Listed tokens and byte-pair tokens stay.
        assertThat(tokenizer.encode("[gMASK]<sop>aba<|audio_0|>")).containsExactly(260, 300, 257, 280);
        assertThat(tokenizer.id("<|user|>")).isEmpty();
        assertThat(tokenizer.isAdded(262)).isFalse();
    }

    @Test
    void asksForThemWithTheNumberOfBytePairTokens() throws IOException {
        model(bytes());

        assertThat(Tokenizer.open(folder, UNLISTED).id("<|audio_0|>")).isEmpty();
    }

    @Test
    void acceptsGapsInTheRanks() throws IOException {
        model(bytes() + line("ab", 4000) + line("ba", 300));

        // "ba" has the lower rank and merges first.
        assertThat(Tokenizer.open(folder, UNLISTED).encode("aba")).containsExactly('a', 300);
    }

    @Test
    void mergesTheLeftmostOfEqualPairsFirst() throws IOException {
        model(bytes() + line("aa", 300));

        assertThat(Tokenizer.open(folder, UNLISTED).encode("aaaaa")).containsExactly(300, 300, 'a');
    }

    @Test
    void encodesALongWordAsItsParts() throws IOException {
        int[] ids = Tokenizer.open(folder, UNLISTED).encode("ab".repeat(100_000));

        // aba is formed of two tokens only, so ab+ab stays as it is.
        assertThat(ids).hasSize(100_000).containsOnly(256);
    }

    @Test
    void takesTheLongestAddedTokenAtTheLeftmostPlace() throws IOException {
        config("{\"added_tokens_decoder\": {\"300\": {\"content\": \"<a>\"}, \"301\": {\"content\": \"<a><b>\"},"
                + " \"302\": {\"content\": \"b><\"}}}");

        assertThat(Tokenizer.open(folder, UNLISTED).encode("<a><b><a><a>")).containsExactly(301, 300, 300);
    }

    @Test
    void namesTheLineThatIsWrong() throws IOException {
        for (String wrong :
                new String[] {"YWI=", "YWI= x", "YWI= -1", "YWI= 2147483647", "Y?I= 9", "5", " 5", "YWI=  5"}) {
            model(bytes() + wrong + "\n");
            refused("tokenizer.model: line 257");
        }
        model(bytes() + line("ab", 300) + line("ac", 300));
        refused("line 258: rank 300 occurs twice");
        model(bytes() + line("ab", 300) + line("ab", 301));
        refused("line 258: the token occurs twice");
        model(line("ab", 300));
        refused("none for byte 0");
        model("\u0000\u00ff".repeat(500));
        refused("line 1");
    }

    @Test
    void namesTheKeyThatIsWrong() throws IOException {
        config("{");
        refused("tokenizer_config.json: not JSON");
        config("{\"added_tokens_decoder\": []}");
        refused("added_tokens_decoder: expected an object");
        config("{\"added_tokens_decoder\": {\"x\": {\"content\": \"a\"}}}");
        refused("added_tokens_decoder.x: expected an id");
        config("{\"added_tokens_decoder\": {\"-1\": {\"content\": \"a\"}}}");
        refused("added_tokens_decoder.-1: expected an id");
        config("{\"added_tokens_decoder\": {\"300\": {}}}");
        refused("added_tokens_decoder.300.content");
        config(added(300, "<x>", "true"));
        refused("added_tokens_decoder.300.lstrip: expected false");
        config(added(256, "<x>", "false"));
        refused("added_tokens_decoder.256: the id already belongs to a byte-pair token");
        config("{\"added_tokens_decoder\": {\"300\": {\"content\": \"a\"}, \"0300\": {\"content\": \"b\"}}}");
        refused("added_tokens_decoder.0300: the id occurs twice");
        config("{\"added_tokens_decoder\": {\"300\": {\"content\": \"a\"}, \"301\": {\"content\": \"a\"}}}");
        refused("added_tokens_decoder.301: the token occurs twice");
    }

    @Test
    void namesTheFileThatIsMissing() throws IOException {
        Files.delete(folder.resolve("tokenizer_config.json"));
        refused("tokenizer_config.json: no such file");
        Files.delete(folder.resolve("tokenizer.model"));
        refused("tokenizer.model: no such file");
    }

    /** The file of GLM-4 has 2.6 MB. */
    @Test
    void aModelMayBeFourTimesAsLargeAsPublishedAndAtMost64Mebibytes() throws IOException {
        Path model = folder.resolve("tokenizer.model");
        Files.writeString(model, "\n".repeat(4 * 2_620_000), StandardOpenOption.APPEND);
        assertThat(Tokenizer.open(folder, UNLISTED).encode("ab")).containsExactly(256);

        try (FileChannel file = FileChannel.open(model, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[1]), 64 << 20);
        }
        refused("tokenizer.model: expected at most 64 MiB, found 67108865 bytes");
    }

    private AbstractThrowableAssert<?, ?> refused(String message) {
        return assertThatThrownBy(() -> Tokenizer.open(folder, UNLISTED))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining(message);
    }

    private void model(String lines) throws IOException {
        Files.writeString(folder.resolve("tokenizer.model"), lines);
    }

    private void config(String json) throws IOException {
        Files.writeString(folder.resolve("tokenizer_config.json"), json);
    }

    private static String added(int id, String content, String lstrip) {
        return "{\"added_tokens_decoder\": {\"" + id + "\": {\"content\": \"" + content + "\", \"lstrip\": " + lstrip
                + "}}}";
    }

    private static String bytes() {
        StringBuilder lines = new StringBuilder();
        for (int value = 0; value < 256; value++) {
            String base64 = Base64.getEncoder().encodeToString(new byte[] {(byte) value});
            lines.append(base64).append(' ').append(value).append('\n');
        }
        return lines.toString();
    }

    private static String line(String token, int rank) {
        return Base64.getEncoder().encodeToString(token.getBytes()) + " " + rank + "\n";
    }
}
