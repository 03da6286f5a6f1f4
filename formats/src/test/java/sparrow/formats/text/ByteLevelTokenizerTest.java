package sparrow.formats.text;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.formats.text.TokenizerCases.cases;
import static sparrow.formats.text.TokenizerCases.ints;
import static sparrow.formats.text.TokenizerCases.streamed;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The second family's golden tokenizer, from {@code tokenizer.json} and from the three files beside it: to the id. */
class ByteLevelTokenizerTest {
    private static final Path GOLDEN = TokenizerCases.TESTDATA.resolve("step-audio-2-mini");
    private static final Path CHECKPOINT = GOLDEN.resolve("ckpt");
    private static final Path CASES = GOLDEN.resolve("cases/tokenizer.json");
    private static final int EOT = 578;

    @TempDir
    static Path threeFiles;

    private static Tokenizer fromJson;
    private static Tokenizer fromThreeFiles;

    @BeforeAll
    static void openBoth() throws IOException {
        for (String name : List.of("vocab.json", "merges.txt", "added_tokens.json")) {
            Files.copy(CHECKPOINT.resolve(name), threeFiles.resolve(name));
        }
        fromJson = Tokenizer.openByteLevel(CHECKPOINT);
        fromThreeFiles = Tokenizer.openByteLevel(threeFiles);
    }

    static Stream<JsonNode> encodeCases() throws IOException {
        return cases(CASES, "encode");
    }

    static Stream<JsonNode> decodeCases() throws IOException {
        return cases(CASES, "decode");
    }

    @ParameterizedTest
    @MethodSource("encodeCases")
    void encodesAsTheReferenceDoes(JsonNode golden) {
        int[] ids = ints(golden.get("ids"));
        for (Tokenizer tokenizer : List.of(fromJson, fromThreeFiles)) {
            assertThat(tokenizer.encode(golden.get("text").asText())).containsExactly(ids);
            assertThat(tokenizer.decode(ids)).isEqualTo(golden.get("decoded").asText());
        }
    }

    @ParameterizedTest
    @MethodSource("decodeCases")
    void decodesAsTheReferenceDoes(JsonNode golden) {
        int[] ids = ints(golden.get("ids"));
        String text = golden.get("decoded").asText();
        for (Tokenizer tokenizer : List.of(fromJson, fromThreeFiles)) {
            assertThat(tokenizer.decode(ids)).isEqualTo(text);
            assertThat(tokenizer.decodeText(ids)).isEqualTo(text);
            assertThat(streamed(tokenizer, ids)).isEqualTo(text);
        }
    }

    @Test
    void decodesWhatItEncodedInComposedForm() {
        SplittableRandom random = new SplittableRandom(20265);
        for (int i = 0; i < 2000; i++) {
            String before = text(random);
            String after = text(random);
            String expected = composed(before) + "<|EOT|>" + composed(after);

            assertThat(fromJson.decode(fromJson.encode(before + "<|EOT|>" + after)))
                    .isEqualTo(expected);
            assertThat(fromJson.decode(fromJson.encodeText(before))).isEqualTo(composed(before));
        }
    }

    /** Outside a text nothing composes: the stroke would make one character of itself and the token's last one. */
    @Test
    void findsAddedTokensBeforeItComposes() {
        assertThat(composed("<|EOT|>\u0338")).doesNotContain(">");
        assertThat(fromJson.encode("<|EOT|>\u0338")).startsWith(EOT);
        assertThat(fromJson.decode(fromJson.encode("<|EOT|>\u0338"))).isEqualTo("<|EOT|>\u0338");
    }

    @Test
    void takesAUsersTextForText() {
        int[] ids = fromJson.encodeText("a<|EOT|>");

        assertThat(ids).hasSizeGreaterThan(2);
        assertThat(Arrays.stream(ids).noneMatch(fromJson::isAdded)).isTrue();
        assertThat(fromJson.decode(ids)).isEqualTo("a<|EOT|>");
    }

    @Test
    void saysNothingForPaddingIds() {
        assertThat(fromJson.decode(64, 705, 767, 1_000_000, -1, 65)).isEqualTo("ab");
        assertThat(fromJson.isAdded(705)).isFalse();
        assertThat(fromJson.textBytes(705)).isEmpty();
    }

    @Test
    void knowsItsAddedTokens() {
        for (Tokenizer tokenizer : List.of(fromJson, fromThreeFiles)) {
            assertThat(tokenizer.textTokens()).isEqualTo(556);
            assertThat(tokenizer.isAdded(555)).isFalse();
            assertThat(tokenizer.isAdded(556)).isTrue();
            assertThat(tokenizer.id("<|EOT|>")).hasValue(EOT);
            assertThat(tokenizer.id("<audio_95>")).hasValue(704);
            assertThat(tokenizer.id("<audio_96>")).isEmpty();
        }
    }

    @Test
    void givesItsMergesAsTheFileListsThem() throws IOException {
        List<String> lines = Files.readAllLines(CHECKPOINT.resolve("merges.txt"));

        assertThat(fromJson.merges())
                .extracting(merge -> ByteAlphabet.write(merge.left()) + " " + ByteAlphabet.write(merge.right()))
                .isEqualTo(lines.subList(1, lines.size()));
    }

    private static String composed(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }

    /** Among them spaces of all sorts, and characters that compose or stand for others. */
    private static String text(SplittableRandom random) {
        return TokenizerCases.text(
                random,
                " ",
                "\n",
                "\r\n",
                "\u3000",
                "'LL",
                "<|EOT",
                "42",
                "e\u0301",
                "\u0338",
                "\u1112\u1161\u11ab",
                "\u0343",
                "\u212b",
                "ﬁ",
                "天");
    }
}
