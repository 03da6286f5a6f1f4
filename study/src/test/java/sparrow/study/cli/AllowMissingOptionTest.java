package sparrow.study.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import sparrow.study.report.StudyCounts;

/** Missing questions, replies and scores are exit code 1 unless the user allows them. */
class AllowMissingOptionTest {
    private static final Path LIST = Path.of("report.html");

    private final StringWriter err = new StringWriter();

    @Command(name = "count")
    private static final class Counting implements Callable<Integer> {
        @Mixin
        private AllowMissingOption allowMissing;

        private final StudyCounts counts;

        Counting(StudyCounts counts) {
            this.counts = counts;
        }

        @Override
        public Integer call() {
            return allowMissing.exitCode(counts, LIST);
        }
    }

    private int exitCode(StudyCounts counts, String... args) {
        return new CommandLine(new Counting(counts))
                .setErr(new PrintWriter(err))
                .execute(args);
    }

    private static StudyCounts counts(int unasked, int lostReplies, int failedScores) {
        SequencedMap<String, String> reasons = new LinkedHashMap<>();
        IntStream.range(0, unasked).forEach(one -> reasons.put("question " + one, "too long"));
        return new StudyCounts(20, reasons, 20 - unasked - lostReplies, 20, 20 - failedScores, failedScores);
    }

    @Test
    void nothingMissingIsNoFailure() {
        assertThat(exitCode(counts(0, 0, 0))).isZero();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void anythingMissingIsAFailureUnlessAllowed() {
        for (StudyCounts incomplete : new StudyCounts[] {counts(1, 0, 0), counts(0, 1, 0), counts(0, 0, 1)}) {
            assertThat(exitCode(incomplete)).isOne();
            assertThat(exitCode(incomplete, "--allow-missing")).isZero();
        }
    }

    @Test
    void tenMissingQuestionsAreNamed() {
        exitCode(counts(12, 0, 0));

        assertThat(err.toString().lines())
                .hasSize(12)
                .startsWith("sparrow: not asked: question 0: too long")
                .contains("sparrow: not asked: question 9: too long")
                .doesNotContain("sparrow: not asked: question 10: too long")
                .contains("sparrow: not asked: 2 others, see report.html")
                .endsWith("sparrow: incomplete: asked 8 of 20 questions; 8 of 20 replies; 20 of 20 scores; "
                        + "repeat the command to retry, or accept this with --allow-missing");
    }
}
