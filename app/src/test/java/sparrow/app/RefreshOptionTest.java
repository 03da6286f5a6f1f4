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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.app.Commands.Outcome;

/** {@code --refresh} on the command line: what it does to the answer, what is told of it, and what it cannot go with. */
class RefreshOptionTest {
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

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"--speech-exit draft:8:2", "--speech-exit even:8 --refresh redo"})
    void whatIsRedoneIsTheAnswerOfFullDepthAndTheReportSaysWhatItTook(String options) throws IOException {
        JsonNode redone = json(options);

        assertThat(redone.path("refresh").asText()).isEqualTo("redo");
        assertThat(tokens(redone)).isEqualTo(tokens(json("--speech-exit none")));
        JsonNode all = redone.at("/turns/0/effort/all");
        int drafted = all.path("drafted").asInt();
        int confirmed = all.path("confirmed").asInt();
        assertThat(confirmed).isPositive().isLessThan(drafted);
        assertThat(redone.at("/turns/0/steps").findValues("draft_layer"))
                .hasSize(confirmed)
                .allMatch(n -> n.asInt() == 8);
        assertThat(all.path("readings").asDouble()).isBetween(8.0, 16.0);
        assertThat(all.path("row_layers").asDouble()).isGreaterThan(16);
        assertThat(ask(options).out())
                .containsPattern("check {2}drafted " + drafted + " tokens, " + confirmed + " confirmed\\n")
                .containsPattern("depth {2}1\\d\\.\\d\\d of 16 layers read for a token \\(\\d")
                .containsPattern("trace  T+[FD]*D")
                .contains("D speech, draft confirmed");
    }

    @Test
    void whatIsCheckedIsTheSameAnswerAndItsAgreementIsTold() throws IOException {
        JsonNode checked = json("--refresh check");

        assertThat(checked.path("refresh").asText()).isEqualTo("check");
        assertThat(tokens(checked)).isEqualTo(tokens(json("--refresh fill")));
        JsonNode drift = checked.at("/turns/0/drift");
        assertThat(drift.path("checked").asInt()).isBetween(15, 16);
        assertThat(drift.path("right").asInt()).isPositive();
        assertThat(ask("--refresh check").out())
                .contains("check  checked " + drift.path("checked").asInt() + " early tokens, "
                        + drift.path("right").asInt() + " right\n");
        assertThat(ask("--refresh fill").out()).doesNotContain("checked");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "--speech-logits all, fill",
        "--speech-logits speech, check",
        "--speech-logits speech --skipped-kv copy, fill",
        "--speech-logits speech --speech-exit draft:8:2, redo",
        "--text-exit draft:12:1, redo"
    })
    void whereItIsNotSaidItIsWhatPays(String options, String refresh) throws IOException {
        assertThat(json(options + " --max-new-tokens 2").path("refresh").asText())
                .isEqualTo(refresh);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "--refresh again, 'expected fill, check'",
        "--refresh check --skipped-kv omit, 'refresh check: expected skipped keys and values to be filled, got omit'",
        "--refresh redo --speech-exit conf:8:0.5, 'expected no confidence rule, got conf:8:0.5'",
        "--refresh fill --speech-exit draft:8:2, 'exit policy draft:8:2: expected refresh redo, got fill'",
        "--speech-exit draft:8:2 --skipped-kv copy, 'refresh redo: expected skipped keys and values to be filled'",
    })
    void whatCannotBeIsRefusedInOneLine(String options, String says) {
        Outcome outcome = ask(options);

        assertRefusedInOneLine(outcome, says);
    }

    @Test
    void benchRunsEveryPolicyWithEachRefreshAndNoneOnce() throws IOException {
        Outcome outcome = run(
                ("bench --policies even:8,triple:12 --refresh fill,check,redo --rounds 1 --tokens 26 --prompt 8 --warm-up 0"
                                + " --json")
                        .split(" "));

        JsonNode policies = new ObjectMapper().readTree(outcome.out()).path("policies");
        assertThat(policies.findValues("refresh"))
                .extracting(JsonNode::asText)
                .containsExactly("fill", "fill", "check", "redo", "fill", "check", "redo");
        // Given tokens are confirmed always: what is redone reads what is filled.
        assertThat(policies.at("/3/average_depth")).isEqualTo(policies.at("/1/average_depth"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "--refresh fill --policies draft:8:2, 'expected refresh redo, got fill'",
        "--refresh check --sessions 2, '--refresh: expected without --sessions'",
    })
    void benchRefusesInOneLine(String options, String says) {
        Outcome outcome = run(("bench " + options).split(" "));

        assertRefusedInOneLine(outcome, says);
    }
}
