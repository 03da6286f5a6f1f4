package sparrow.app;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.app.Commands.assertRefusedInOneLine;
import static sparrow.app.Commands.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.app.Commands.Outcome;

/** {@code --verify} on the command line: what it does to the answer, what is told of it, and what it cannot go with. */
class VerifyOptionTest {
    private static final String QUESTION = Path.of(System.getProperty("sparrow.testdata"))
            .resolve("../examples/q03.wav")
            .toString();

    private static Outcome ask(String options) {
        return run(Stream.concat(Stream.of("ask", QUESTION), Stream.of(options.split(" ")))
                .toArray(String[]::new));
    }

    private static JsonNode json(String options) throws IOException {
        Outcome outcome = ask(options + " --json");
        assertThat(outcome.err()).isEmpty();
        return new ObjectMapper().readTree(outcome.out());
    }

    private static List<Integer> tokens(JsonNode answer) {
        return answer.at("/turns/0/steps").findValues("token").stream()
                .map(JsonNode::asInt)
                .toList();
    }

    @Tag("full")
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"--speech-exit draft:8:2", "--speech-exit even:8 --verify exact"})
    void verifiedReplyIsTheAnswerOfFullDepthAndTheReportSaysWhatItTook(String options) throws IOException {
        JsonNode verified = json(options);

        assertThat(verified.path("verification").asText()).isEqualTo("exact");
        assertThat(tokens(verified)).isEqualTo(tokens(json("--speech-exit none")));
        JsonNode all = verified.at("/turns/0/compute/all");
        int drafted = all.path("drafted").asInt();
        int confirmed = all.path("confirmed").asInt();
        assertThat(confirmed).isPositive().isLessThan(drafted);
        assertThat(verified.at("/turns/0/steps").findValues("draft_layer"))
                .hasSize(confirmed)
                .allMatch(n -> n.asInt() == 8);
        assertThat(all.path("layers_read").asDouble()).isBetween(8.0, 16.0);
        assertThat(all.path("position_layers").asDouble()).isGreaterThan(16);
        assertThat(ask(options).out())
                .containsPattern("verify {1}drafted " + drafted + " tokens, " + confirmed + " confirmed\\n")
                .containsPattern("depth {2}1\\d\\.\\d\\d of 16 layers read for a token \\(\\d")
                .containsPattern("trace  T+[FD]*D")
                .contains("D speech, draft confirmed");
    }

    @Tag("full")
    @Test
    void whatIsCheckedIsTheSameAnswerAndItsAgreementIsTold() throws IOException {
        JsonNode checked = json("--verify measure");

        assertThat(checked.path("verification").asText()).isEqualTo("measure");
        assertThat(tokens(checked)).isEqualTo(tokens(json("--verify none")));
        JsonNode agreement = checked.at("/turns/0/agreement");
        assertThat(agreement.path("checked").asInt()).isBetween(15, 16);
        assertThat(agreement.path("right").asInt()).isPositive();
        assertThat(ask("--verify measure").out())
                .contains("verify checked " + agreement.path("checked").asInt() + " early tokens, "
                        + agreement.path("right").asInt() + " right\n");
        assertThat(ask("--verify none").out()).doesNotContain("checked");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "--speech-logits all, none",
        "--speech-logits speech, measure",
        "--speech-logits speech --skipped-kv copy, none",
        "--speech-logits speech --speech-exit draft:8:2, exact",
        "--text-exit draft:12:1, exact"
    })
    void whereItIsNotSaidItIsWhatPays(String options, String verification) throws IOException {
        assertThat(json(options + " --max-new-tokens 2").path("verification").asText())
                .isEqualTo(verification);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "--verify again, 'expected none, measure'",
        "--verify measure --skipped-kv omit, 'verification measure: expected skipped keys and values to be filled, got omit'",
        "--verify exact --speech-exit conf:8:0.5, 'expected no confidence rule, got conf:8:0.5'",
        "--verify none --speech-exit draft:8:2, 'policy draft:8:2: expected verification exact, got none'",
        "--speech-exit draft:8:2 --skipped-kv copy, 'verification exact: expected skipped keys and values to be filled'",
    })
    void whatCannotBeIsRefusedInOneLine(String options, String says) {
        Outcome outcome = ask(options);

        assertRefusedInOneLine(outcome, says);
    }
}
