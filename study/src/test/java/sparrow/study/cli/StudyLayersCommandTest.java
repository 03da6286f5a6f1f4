package sparrow.study.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.study.cli.Commands.Outcome;

/** The layers command on the bundled model and two questions. */
class StudyLayersCommandTest {
    private static final Path QUESTIONS = Path.of(System.getProperty("sparrow.testdata"), "demo-eval");

    @TempDir
    private Path folder;

    private Outcome layers(String... args) {
        List<String> all = new ArrayList<>(List.of("study", "layers", "--out", folder.toString()));
        all.addAll(List.of("--data", "folder:" + QUESTIONS, "--items", "2", "--max-new-tokens", "30"));
        all.addAll(Arrays.asList(args));
        return Commands.run(all.toArray(String[]::new));
    }

    @Test
    void printsATableOfLayersAndGoesOnWhereItIsFinished() throws IOException {
        Outcome table = layers("--layers", "8,12");
        Outcome json = layers("--layers", "8,12", "--json");

        assertThat(table.err()).isEmpty();
        assertThat(table.code()).isZero();
        assertThat(table.out().lines().filter(line -> line.startsWith("speech")))
                .hasSize(3);
        assertThat(table.out()).contains("Agreement %").endsWith(folder.resolve("report.html") + "\n");
        JsonNode rows = new ObjectMapper().readTree(json.out()).path("layers");
        assertThat(rows).hasSize(6);
        assertThat(rows.path(2).path("layer").intValue()).isEqualTo(16);
        assertThat(rows.path(2).path("agreement_percent").doubleValue()).isEqualTo(100);
    }

    @Test
    void aFirstReplyWithoutScoreIsAFailure() throws IOException {
        Outcome none = layers("--layers", "12", "--mos", "command:false {wav}");

        assertThat(none.code()).isOne();
        assertThat(none.err().lines())
                .singleElement()
                .asString()
                .startsWith("sparrow: --mos: the first reply could not be scored: ");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "--layers 9 | no exit head for layer 9",
                "--layers 9,20 --lens output | --layers: expected 1 to 16, the layers of this model, got 20",
                "--mos ear | MOS scorer: expected one of",
                "--set batch=0 | batch: expected 1 or more, got 0"
            })
    void wrongUseIsRefusedInOneLine(String args, String message) {
        Outcome outcome = layers(args.split(" "));

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err().lines()).singleElement().asString().startsWith("sparrow: " + message);
        // The corrected command finds it as it was.
        assertThat(folder).isEmptyDirectory();
    }
}
