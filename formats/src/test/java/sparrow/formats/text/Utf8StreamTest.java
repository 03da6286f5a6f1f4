package sparrow.formats.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Utf8StreamTest {
    /** Numbers of U+FFFD as Python's decoder gives them (errors="replace"); an "a" may follow. */
    @ParameterizedTest
    @CsvSource({
        "EDA080, 3", // a surrogate
        "EDA0, 2",
        "EDA061, 2",
        "EDAFBFEDBFBF, 6",
        "ED9F, 1", // begins a character of another plane
        "E08080, 3", // longer than need be
        "F0808080, 4",
        "C080, 2",
        "F4908080, 4", // beyond Unicode
        "F58080, 3",
        "F888808080, 5",
        "F09F61, 1", // cut
        "F09F98, 1",
        "E4BB61, 1",
        "80BF, 2" // continues nothing
    })
    void replacesEachMaximalIllFormedPart(String hex, int replacements) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        String expected = "\uFFFD".repeat(replacements) + (hex.endsWith("61") ? "a" : "");

        assertThat(Utf8Stream.decode(bytes)).isEqualTo(expected);
        assertThat(byteByByte(bytes)).isEqualTo(expected);
    }

    @Test
    void leavesWellFormedTextAlone() {
        String text = "aé\uD7FF\uE000\uFFFF한😀\0";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

        assertThat(Utf8Stream.decode(bytes)).isEqualTo(text);
        assertThat(byteByByte(bytes)).isEqualTo(text);
    }

    private static String byteByByte(byte[] bytes) {
        Utf8Stream stream = new Utf8Stream();
        StringBuilder text = new StringBuilder();
        for (byte value : bytes) text.append(stream.accept(new byte[] {value}));
        return text.append(stream.finish()).toString();
    }
}
