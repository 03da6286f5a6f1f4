package sparrow.app.options;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.app.Commands.assertRefusedInOneLine;
import static sparrow.app.Commands.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.app.Commands.Outcome;
import sparrow.engine.exit.ExitPlan;
import sparrow.models.OpenOptions;
import sparrow.models.PolicyFile;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** {@code --exit} on the command line: verified replies, files of {@code study tune}, and what cannot be. */
class ExitOptionTest {
    private static final String QUESTION = Path.of(System.getProperty("sparrow.testdata"))
            .resolve("../examples/q03.wav")
            .toString();

    @TempDir
    private Path folder;

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
    @ValueSource(strings = {"draft:8:2", "even:8+verify"})
    void verifiedReplyIsTheAnswerOfFullDepthAndTheReportSaysWhatItTook(String exit) throws IOException {
        String options = "--exit " + exit;
        JsonNode verified = json(options);

        assertThat(verified.path("exit").asText()).isEqualTo(exit);
        assertThat(tokens(verified)).isEqualTo(tokens(json("--exit none")));
        JsonNode all = verified.at("/turns/0/compute/all");
        int drafted = all.path("drafted").asInt();
        int accepted = all.path("accepted").asInt();
        assertThat(accepted).isBetween(1, drafted);
        assertThat(verified.at("/turns/0/steps").findValues("draft_layer"))
                .hasSize(accepted)
                .allMatch(n -> n.asInt() == 8);
        assertThat(all.path("layers_read").asDouble()).isBetween(8.0, 16.0);
        assertThat(all.path("position_layers").asDouble()).isGreaterThan(16);
        assertThat(ask(options).out())
                .containsPattern("verify {1}drafted " + drafted + " tokens, " + accepted + " accepted\\n")
                .containsPattern("depth {2}1\\d\\.\\d\\d of 16 layers read for a token \\(\\d")
                .containsPattern("trace  T+[FD]*D")
                .contains("D speech, draft accepted");
    }

    @Tag("full")
    @Test
    void whatIsCheckedIsTheSameAnswerAndItsAgreementIsTold() throws IOException {
        JsonNode checked = json("--exit even:12+measure");

        assertThat(tokens(checked)).isEqualTo(tokens(json("--exit even:12")));
        JsonNode agreement = checked.at("/turns/0/agreement");
        assertThat(agreement.path("checked").asInt()).isBetween(15, 16);
        assertThat(agreement.path("agreed").asInt()).isPositive();
        assertThat(ask("--exit even:12+measure").out())
                .contains("verify checked " + agreement.path("checked").asInt() + " early tokens, "
                        + agreement.path("agreed").asInt() + " agreed\n");
        assertThat(ask("--exit even:12").out()).doesNotContain("checked");
    }

    @Test
    void theExitsOfTheModelAreReportedWhereNoneAreGiven() throws IOException {
        assertThat(json("--max-new-tokens 2").path("exit").asText()).isEqualTo("even:12");
    }

    @Test
    void aFileOfStudyTuneIsFollowed() throws IOException {
        Path file = policyFile("text=none,speech=triple:10+measure");

        JsonNode json = json("--max-new-tokens 2 --exit " + file);

        assertThat(json.path("exit").asText()).isEqualTo("triple:10+measure");
    }

    @Test
    void aBrokenFileIsRefusedInOneLine() throws IOException {
        Path file = Files.writeString(folder.resolve("policy.json"), "{\"speech_exit\": \"even:12\"}");

        assertRefusedInOneLine(ask("--exit " + file), file + ": speech_exit: expected no keys but");
    }

    private Path policyFile(String exit) throws IOException {
        Path file = folder.resolve("policy.json");
        try (ComputePool pool = new ComputePool(1);
                SpokenModel model = SpokenModels.bundled(OpenOptions.NONE, Kernels.create(pool))) {
            PolicyFile.chosen(file, ExitPlan.parse(exit), model, new LinkedHashMap<>())
                    .write();
        }
        return file;
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "even:12+undo, 'exit: expected POLICY (for speech), text=POLICY'",
        "even:12+omit+measure, 'verification measure: expected skipped keys and values to be filled, got omit'",
        "conf:8:0.5+verify, 'expected no confidence rule, got conf:8:0.5'",
        "draft:8:2+measure, 'policy draft:8:2: expected verification exact, got measure'",
        "draft:8:2+copy, 'verification exact: expected skipped keys and values to be filled'",
        "even:7, 'speech exit even:7: no exit head for layer 7'",
        "missing.json, 'missing.json'",
    })
    void whatCannotBeIsRefusedInOneLine(String exit, String says) {
        Outcome outcome = ask("--exit " + exit);

        assertRefusedInOneLine(outcome, says);
    }
}
