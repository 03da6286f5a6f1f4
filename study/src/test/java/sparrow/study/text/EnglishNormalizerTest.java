package sparrow.study.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EnglishNormalizerTest {
    static Stream<JsonNode> cases() throws IOException {
        return Stream.concat(Cases.read("english_normalizer_cases.jsonl"), Cases.read("random_cases.jsonl"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithWhispersNormaliser(JsonNode expected) {
        String input = expected.get("input").asText();

        assertThat(EnglishNormalizer.apply(input))
                .isEqualTo(expected.get("english").asText());
    }
}
