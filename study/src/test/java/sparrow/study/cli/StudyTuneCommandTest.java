package sparrow.study.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.study.Bundled;
import sparrow.study.cli.Commands.Outcome;

/** The tune command on the bundled model and one question, which nobody hears. */
class StudyTuneCommandTest {
    private static final Path TESTDATA = Path.of(System.getProperty("sparrow.testdata"));
    private static final String QUESTION =
            TESTDATA.resolve("../examples/q03.wav").toString();

    @TempDir
    private Path folder;

    private Path policy() {
        return folder.resolve("tuning/policy.json");
    }

    private Outcome tune(String... args) {
        List<String> all = new ArrayList<>(
                List.of("study", "tune", "--out", policy().getParent().toString()));
        all.addAll(List.of("--data", "folder:" + TESTDATA.resolve("demo-eval")));
        all.addAll(List.of("--items", "1", "--max-new-tokens", "30", "--asr", "none"));
        all.addAll(Arrays.asList(args));
        return Commands.run(all.toArray(String[]::new));
    }

    @Test
    void writesAPolicyThatAskFollows() {
        Outcome tuned = tune("--schedules", "even", "--layers", "14", "--budget", "agreement=50");
        Outcome asked = Commands.run("ask", QUESTION, "--exit", policy().toString());

        assertThat(tuned.err()).isEmpty();
        assertThat(tuned.code()).isZero();
        assertThat(tuned.out())
                .contains("budget agreement=50", "kept; chosen")
                .endsWith("even:14 written to " + policy() + "\n");
        assertThat(asked.err()).isEmpty();
        assertThat(asked.out()).contains("exits  speech layer 14:");
    }

    @Tag("full")
    @Test
    void theCostOfARowIsMeasuredOnTheModel() {
        assertThat(RowCost.measure(Bundled.MODEL.languageModel().transformer()))
                .isNotNegative()
                .isFinite();
    }

    /** Tagged because it measures the cost of a row. */
    @Tag("full")
    @Test
    void theBestExactPolicyIsOneOfTheDraftHead() {
        Outcome tuned = tune("--budget", "exact", "--set", "drafts=3", "--layers", "12");

        assertThat(tuned.err()).isEmpty();
        assertThat(tuned.out())
                .contains("draft:12:3", "even:12+verify", "\nspeculate:3 ")
                .endsWith("text=speculate:3,speech=speculate:3 written to " + policy() + "\n");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "--budget speed=1 | --budget: expected one of wer, mos, accuracy, agreement; got \"speed\"",
                "--budget wer=+2.0 | --budget wer: expected --asr, which measures it",
                "--budget agreement=90 --schedules never | --schedules: expected even, odd, triple, fixed, conf, draft",
                "--budget exact --schedules conf | verification exact: expected no confidence rule, got conf:6:0.05",
                "--budget agreement=90 --layers 9 | speech exit even:9: no exit head for layer 9"
            })
    void wrongUseIsRefusedInOneLine(String args, String message) {
        Outcome outcome = tune(args.split(" "));

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err().lines()).singleElement().asString().startsWith("sparrow: " + message);
        assertThat(policy()).doesNotExist();
    }
}
