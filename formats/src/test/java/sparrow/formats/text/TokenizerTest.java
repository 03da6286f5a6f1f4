package sparrow.formats.text;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.formats.text.TokenizerCases.cases;
import static sparrow.formats.text.TokenizerCases.ints;
import static sparrow.formats.text.TokenizerCases.streamed;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.testing.Seeds;

class TokenizerTest {
    private static final Path GOLDEN = TokenizerCases.TESTDATA.resolve("glm-4-voice");
    private static final Path CASES = GOLDEN.resolve("expected/tokenizer_cases.json");

    /** Of the golden checkpoint: 400 byte-pair tokens, audio tokens 422 to 484, padding up to 511. */
    private static final Tokenizer TOKENIZER = open();

    private static Tokenizer open() {
        try {
            return Tokenizer.open(GOLDEN.resolve("lm"), UnlistedTokens.NONE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<JsonNode> encodeCases() throws IOException {
        return cases(CASES, "encode");
    }

    static Stream<JsonNode> decodeCases() throws IOException {
        return cases(CASES, "decode");
    }

    static LongStream seeds() {
        return Seeds.drawn(20262);
    }

    @ParameterizedTest
    @MethodSource("encodeCases")
    void encodesAsTheReferenceDoes(JsonNode golden) {
        String text = golden.get("text").asText();

        assertThat(TOKENIZER.encode(text)).containsExactly(ints(golden.get("ids")));
        assertThat(TOKENIZER.encode("[gMASK]<sop>" + text)).containsExactly(ints(golden.get("ids_with_prefix")));
    }

    @ParameterizedTest
    @MethodSource("decodeCases")
    void decodesAsTheReferenceDoes(JsonNode golden) {
        int[] ids = ints(golden.get("ids"));

        assertThat(TOKENIZER.decode(ids)).isEqualTo(golden.get("text").asText());
        assertThat(TOKENIZER.decodeText(ids))
                .isEqualTo(golden.get("text_skip_special").asText());
        assertThat(streamed(TOKENIZER, ids))
                .isEqualTo(golden.get("text_skip_special").asText());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void decodesWhatItEncoded(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 50; i++) {
            String text = text(random);
            int[] ids = TOKENIZER.encode(text);

            assertThat(TOKENIZER.decode(ids)).isEqualTo(text);
        }
    }

    /** Whatever the ids, and wherever audio tokens fall between the bytes of a character. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void streamsTheTextOfTheWhole(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 50; i++) {
            int[] noise = random.ints(40, -3, 515).toArray();
            int[] text = TOKENIZER.encode(text(random));
            int[] mixed = Arrays.stream(text)
                    .flatMap(id -> IntStream.of(id, 422 + id % 63, random.nextInt(485, 600)))
                    .toArray();

            assertThat(streamed(TOKENIZER, noise)).isEqualTo(TOKENIZER.decodeText(noise));
            assertThat(streamed(TOKENIZER, mixed)).isEqualTo(TOKENIZER.decodeText(text));
        }
    }

    @Test
    void holdsBackHalfACharacterAcrossAudio() {
        TextStream stream = TOKENIZER.stream();
        int[] halves = TOKENIZER.encode("今");
        assertThat(halves).hasSize(2);

        assertThat(stream.accept(halves[0])).isEmpty();
        assertThat(stream.accept(430)).isEmpty();
        assertThat(stream.accept(halves[1])).isEqualTo("今");
        assertThat(stream.finish()).isEmpty();

        assertThat(stream.accept(halves[0])).isEmpty();
        assertThat(stream.finish()).isEqualTo("\uFFFD");
        assertThat(stream.accept(halves[0]) + stream.accept(halves[1])).isEqualTo("今");
    }

    @Test
    void saysNothingForPaddingIds() {
        assertThat(TOKENIZER.decode(39, 485, 511, 100_000, -1, 39)).isEqualTo("HH");
        assertThat(TOKENIZER.isAdded(485)).isFalse();
    }

    @Test
    void knowsItsAddedTokens() {
        assertThat(TOKENIZER.id("<|user|>")).hasValue(407);
        assertThat(TOKENIZER.id("<|audio_62|>")).hasValue(484);
        assertThat(TOKENIZER.id("<|audio_63|>")).isEmpty();
        assertThat(TOKENIZER.isAdded(399)).isFalse();
        assertThat(TOKENIZER.isAdded(400)).isTrue();
        assertThat(TOKENIZER.textTokens()).isEqualTo(400);
    }

    /** Among them spaces of all sorts and things like added tokens. */
    private static String text(SplittableRandom random) {
        return TokenizerCases.text(
                random, " ", "\n", "\r\n", "\u00A0", "'LL", "<|user|>", "<|audio_6", "<|", "12345", "天", "😀", "ſ");
    }
}
