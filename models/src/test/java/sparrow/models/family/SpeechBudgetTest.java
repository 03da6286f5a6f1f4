package sparrow.models.family;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lengths of text as it is spoken. */
class SpeechBudgetTest {
    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            quoteCharacter = '`',
            value = {
                "hello,5",
                " it's (so-so).,14",
                "42,12",
                "5%,12",
                "\u4f60\u597d,6",
                "\u00e9,2",
                "``,0",
            })
    void aLetterIsOneAndADigitIsAWord(String text, int length) {
        assertThat(SpeechBudget.length(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(length);
    }
}
