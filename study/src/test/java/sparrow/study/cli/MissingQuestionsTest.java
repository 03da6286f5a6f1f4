package sparrow.study.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.study.cli.Commands.Outcome;

/** A study counts its questions, replies and scores, and none is lost in silence. */
class MissingQuestionsTest {
    private static final Path TESTDATA = Path.of(System.getProperty("sparrow.testdata"));

    private static final String SECOND_TURNS = "conversations:" + TESTDATA.resolve("demo-eval/second.jsonl");

    @TempDir
    private Path folder;

    private Outcome compare(String... args) {
        List<String> all = new ArrayList<>(List.of("study", "compare", "--out", folder.toString()));
        all.addAll(List.of("--policies", "none", "--asr", "none", "--items", "1"));
        all.addAll(List.of(args));
        return Commands.run(all.toArray(String[]::new));
    }

    @Tag("full")
    @Test
    void secondTurnsFitIntoTheContextByDefault() {
        Outcome outcome = compare("--data", SECOND_TURNS);

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).contains("\nasked 1 of 1 questions; 1 of 1 replies; 1 of 1 scores\n");
        assertThat(outcome.code()).isZero();
    }

    @Tag("full")
    @Test
    void questionsThatCannotBeAskedAreNamedAndAFailureUnlessAllowed() throws IOException {
        String[] tooLong = {
            "--data", SECOND_TURNS + ",folder:" + TESTDATA.resolve("demo-eval"), "--max-new-tokens", "1000"
        };
        Outcome outcome = compare(tooLong);

        assertThat(outcome.err().lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("sparrow: not asked: second ")
                                .contains("expected fewer than the context length of 1024 tokens"),
                        line -> assertThat(line)
                                .startsWith(
                                        "sparrow: incomplete: asked 1 of 2 questions; 1 of 2 replies; 1 of 1 scores; "));
        assertThat(outcome.code()).isOne();
        assertThat(Files.readString(folder.resolve("report.html")))
                .contains("asked 1 of 2 questions", "Questions that could not be asked", "second ");

        Outcome allowed = compare(tooLong[0], tooLong[1], tooLong[2], tooLong[3], "--allow-missing");

        assertThat(allowed.err().lines()).singleElement().asString().startsWith("sparrow: not asked: second ");
        assertThat(allowed.code()).isZero();
    }

    @Test
    void questionsThatNobodySpeaksAreAFailureBeforeTheFirstReply() {
        String alpaca = "alpaca:" + TESTDATA.resolve("datasets/alpaca/model_outputs.json");

        Outcome silent = compare("--data", alpaca, "--judge", "none");
        Outcome failing = compare("--data", alpaca, "--judge", "none", "--speak", "false {wav}");

        assertThat(silent.err().lines())
                .singleElement()
                .asString()
                .endsWith(": expected a recording of the question, or --speak COMMAND, which speaks it");
        assertThat(silent.code()).isOne();
        assertThat(failing.err().lines()).singleElement().asString().contains("false: exited with code 1");
        assertThat(failing.code()).isOne();
        assertThat(folder.resolve("replies")).doesNotExist();
    }

    @Tag("full")
    @Test
    void aScorerThatFailsAtItsFirstReplyIsAFailure() {
        Outcome outcome = compare("--data", "folder:" + TESTDATA.resolve("demo-eval"), "--mos", "command:false {wav}");

        assertThat(outcome.err().lines())
                .singleElement()
                .asString()
                .startsWith("sparrow: --mos: the first reply could not be scored: false: ");
        assertThat(outcome.code()).isOne();
    }
}
