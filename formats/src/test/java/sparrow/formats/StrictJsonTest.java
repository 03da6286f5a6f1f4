package sparrow.formats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrictJsonTest {
    /** The largest published files, and four times as many JSON tokens. docs/models.md lists their sizes. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({"CONFIGURATION, 26_132", "TENSORS, 18_000", "VOCABULARY, 1_017_000"})
    void documentsOfFourTimesThePublishedSizeAreRead(StrictJson.Bounds bounds, String published) {
        int elements = 4 * Integer.parseInt(published.replace("_", ""));
        byte[] json = ("{\"a\":[" + "0,".repeat(elements - 1) + "0]}").getBytes(UTF_8);

        assertThat(StrictJson.object(json, bounds).get("a")).hasSize(elements);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{                    | Unexpected end-of-input: expected close marker for Object",
                "{\"a\": [1}          | Unexpected close marker '}': expected ']'",
                "{\"a\": 1, \"a\": 2}  | Duplicate field 'a'",
                "{} {}                | Trailing token (of type START_OBJECT) found after value",
                "NaN                  | Non-standard token 'NaN'",
                "/* */ {}             | Unexpected character ('/' (code 47)): maybe a (non-standard) comment?",
            })
    void aFaultIsNamedInOneLineWithoutClassesFeaturesOrSourcesOfJackson(String json, String fault) {
        assertThatThrownBy(() -> StrictJson.object(json.getBytes(UTF_8), StrictJson.Bounds.CONFIGURATION))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not JSON: " + fault);
    }
}
