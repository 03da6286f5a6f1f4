package sparrow.server.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.server.audio.Base64Pieces.Base64Piece;

class Base64Test {
    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void piecesJoinedAsStringsAreTheWhole(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] whole = bytes(random.nextInt(300), random);
        int pieceBytes = random.nextInt(6, 80);
        Base64Pieces stream = new Base64Pieces(pieceBytes);
        List<Base64Piece> pieces = new ArrayList<>();

        for (int at = 0; at < whole.length; ) {
            int to = Math.min(whole.length, at + random.nextInt(40));
            pieces.addAll(stream.accept(Arrays.copyOfRange(whole, at, to)));
            at = to;
        }
        pieces.addAll(stream.finish());

        String joined = pieces.stream().map(Base64Piece::text).collect(Collectors.joining());
        assertThat(StrictBase64.decode(joined, whole.length)).isEqualTo(whole);
        for (Base64Piece piece : pieces) {
            assertThat(piece.bytes()).isBetween(1, pieceBytes);
            assertThat(Base64.getDecoder().decode(piece.text())).hasSize(piece.bytes());
            if (piece != pieces.getLast()) assertThat(piece.bytes() % 6).isZero();
        }
    }

    @Test
    void aStreamBeginsAnewWhenItHasEnded() {
        Base64Pieces stream = new Base64Pieces(4_800);
        assertThat(stream.accept(new byte[5])).isEmpty();
        assertThat(stream.finish()).containsExactly(new Base64Piece("AAAAAAA=", 5));

        assertThat(stream.finish()).isEmpty();
        assertThat(stream.accept(new byte[6])).containsExactly(new Base64Piece("AAAAAAAA", 6));
    }

    @Test
    void piecesOfLessThanAUnitAreRefused() {
        assertThatThrownBy(() -> new Base64Pieces(5)).hasMessage("base64 pieces: expected 6 bytes or more, got 5");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatWasEncodedComesBack(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] bytes = bytes(random.nextInt(50), random);

        assertThat(StrictBase64.decode(Base64.getEncoder().encodeToString(bytes), bytes.length))
                .isEqualTo(bytes);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "AAA, 'expected a multiple of 4 characters, found 3 (padded with =?)'",
        "AA=A, 'expected letters, digits, + and /, found ''='' at 2'",
        "====, 'expected letters, digits, + and /, found ''='' at 0'",
        "A===, 'expected letters, digits, + and /, found ''='' at 1'",
        "AA-_, 'expected letters, digits, + and /, found ''-'' at 2'",
        "AAé=, 'expected letters, digits, + and /, found U+00E9 at 2'",
        "'AAA ', 'expected letters, digits, + and /, found U+0020 at 3'",
        "AAB=, 'unused bits after the last byte are not zero (truncated?)'",
        "AB==, 'unused bits after the last byte are not zero (truncated?)'",
        "AAAAAAAA, 'expected at most 5 bytes, found 6'",
    })
    void whatIsNotBase64IsRefused(String text, String fault) {
        assertThatThrownBy(() -> StrictBase64.decode(text, 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("base64: " + fault);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyTextIsRefusedOrTheBase64OfItsBytes(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 200; i++) {
            StringBuilder made = new StringBuilder();
            for (int j = 4 * random.nextInt(4); j > 0; j--) made.append("AQgw+/=\n\u0100".charAt(random.nextInt(9)));
            String text = made.toString();
            try {
                byte[] decoded = StrictBase64.decode(text, 100);
                assertThat(Base64.getEncoder().encodeToString(decoded)).isEqualTo(text);
            } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageStartingWith("base64: ").hasMessageNotContaining("\n");
            }
        }
    }

    private static byte[] bytes(int count, SplittableRandom random) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
