package sparrow.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.app.Commands.Outcome;

/** Drafts that decide by what rows cost, on the bundled model. */
class RowCostsOptionTest {
    private static final String COSTS = "{\"row_costs\": {\"ratios\": {\"1\": 1, \"2\": 1.05, \"9\": 1.4},"
            + " \"full_head\": 0.5, \"speech_head\": 0.3, \"exit_heads\": {\"6\": 0.3, \"10\": 0.3, \"14\": 0.3}, \"step_head\": 0.25}}";

    @TempDir
    private Path folder;

    private static Outcome ask(String... options) {
        List<String> all = new ArrayList<>(List.of("ask", "../examples/q01.wav", "--threads", "1", "--json"));
        all.addAll(Arrays.asList(options));
        return Commands.run(all.toArray(String[]::new));
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("rows.json"), text);
    }

    private static JsonNode json(Outcome outcome) throws IOException {
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return new ObjectMapper().readTree(outcome.out());
    }

    private static List<Integer> tokens(JsonNode json) {
        JsonNode steps = json.path("turns").path(0).path("steps");
        return StreamSupport.stream(steps.spliterator(), false)
                .map(step -> step.path("token").intValue())
                .toList();
    }

    @Test
    void givenCostsAreUsedAndReportedAndChangeNoToken() throws IOException {
        JsonNode drafted = json(
                ask("--speech-exit", "draft:auto", "--row-costs", file(COSTS).toString()));
        JsonNode full =
                json(ask("--speech-exit", "none", "--row-costs", file(COSTS).toString()));

        assertThat(drafted.path("row_costs"))
                .isEqualTo(new ObjectMapper()
                        .readTree(COSTS.replace(": 1,", ": 1.0,"))
                        .path("row_costs"));
        assertThat(drafted.path("speech_exit").asText()).isEqualTo("draft:auto");
        assertThat(tokens(drafted)).isEqualTo(tokens(full));
    }

    @Test
    void costsThatAreNotGivenAreMeasuredAndReported() throws IOException {
        JsonNode costs = json(ask("--speech-exit", "draft:auto")).path("row_costs");

        assertThat(costs.path("ratios").path("1").doubleValue()).isEqualTo(1);
        assertThat(costs.path("ratios").path("9").doubleValue()).isGreaterThanOrEqualTo(1);
        assertThat(costs.path("exit_heads").has("12")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | : expected the JSON of sparrow bench --rows, with an object row_costs",
                "no JSON | : expected the JSON of sparrow bench --rows, with an object row_costs",
                "{\"row_costs\": {\"full_head\": 1}} | : row costs: expected ratios, got none",
                "{\"row_costs\": {\"ratios\": {\"2\": 1.5}}} | : row costs: expected exit heads, got none",
                "{\"row_costs\": {\"ratios\": {\"2\": 1.5}, \"exit_heads\": {}}} | : row costs: expected ratio 1 for 1 row",
            })
    void filesThatHoldNoTableAreRefusedInOneLine(String text, String message) throws IOException {
        Path file = file(text);

        assertThatThrownBy(() -> RowCostsOption.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("--row-costs " + file + message);
    }

    @Test
    void costsOfOtherHeadsAreRefused() throws IOException {
        Path other =
                file(COSTS.replace("\"6\"", "\"5\"").replace("\"10\"", "\"9\"").replace("\"14\"", "\"13\""));

        Commands.assertRefusedInOneLine(
                ask("--row-costs", other.toString()),
                "expected costs of exit heads of this model, [6, 8, 10, 12, 14], found [5, 9, 13]");
    }

    @Test
    void costsWithoutThatOfTheStepHeadAreRefused() throws IOException {
        Path file = file(COSTS.replace("\"step_head\": 0.25", "\"step_head\": 0"));

        Commands.assertRefusedInOneLine(
                ask("--row-costs", file.toString()), file + ": expected the cost of a step head, found none");
    }

    @Test
    void fileThatIsMissingIsRefusedInOneLine() {
        Commands.assertRefusedInOneLine(ask("--row-costs", "nowhere.json"), "nowhere.json");
    }
}
