package sparrow.study.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WordErrorsTest {
    static Stream<JsonNode> cases() throws IOException {
        return Cases.read("wer_cases.jsonl");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithTheReference(JsonNode expected) {
        WordErrors errors = errors(expected);

        assertThat(errors.edits()).isEqualTo(expected.get("edits").asInt());
        assertThat(errors.referenceWords()).isEqualTo(expected.get("ref_words").asInt());
        assertThat(errors.rate()).isEqualTo(expected.get("wer").asDouble());
    }

    @Test
    void countsACorpusByItsWordsNotByItsTexts() throws IOException {
        WordErrors all = cases().map(WordErrorsTest::errors).reduce(WordErrors.NONE, WordErrors::plus);

        int edits = cases().mapToInt(line -> line.get("edits").asInt()).sum();
        int words = cases().mapToInt(line -> line.get("ref_words").asInt()).sum();
        assertThat(all).isEqualTo(new WordErrors(edits, words));
        assertThat(all.rate()).isEqualTo((double) edits / words);
    }

    @Test
    void findsTheFewestEdits() {
        assertThat(WordErrors.between("a b c d", "b c d e").edits()).isEqualTo(2);
        assertThat(WordErrors.between("a b c", "x y").edits()).isEqualTo(3);
        assertThat(WordErrors.between(" a\tb\n", "a b")).isEqualTo(new WordErrors(0, 2));
    }

    private static WordErrors errors(JsonNode line) {
        return WordErrors.between(line.get("ref").asText(), line.get("hyp").asText());
    }
}
