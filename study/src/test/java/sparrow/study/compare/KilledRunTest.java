package sparrow.study.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.study.compare.Comparison.CompareOutcome;
import sparrow.study.run.RunProgress;

/** A run in a process of its own that is killed without warning. */
class KilledRunTest {
    private static final int QUESTIONS = 6;

    /** By two policies. */
    private static final int REPLIES = 2 * QUESTIONS;

    @TempDir
    private Path folder;

    /** What the killed process does: it never comes to the last reply, however late it is killed. */
    public static void main(String[] args) throws IOException {
        Semaphore more = new Semaphore(REPLIES - 2);
        RunProgress waiting = new RunProgress() {
            @Override
            public void begin(String stage, int steps) {}

            @Override
            public void now(String part) {}

            @Override
            public void done() {
                more.acquireUninterruptibly();
            }
        };
        try (SmallRun small = new SmallRun()) {
            run(small, Path.of(args[0]), waiting);
        }
    }

    private static CompareOutcome run(SmallRun small, Path folder, RunProgress progress) throws IOException {
        CompareSetup setup = small.setup(SmallRun.questions(QUESTIONS), 2, 0, "even:8");
        return small.run(folder, setup, SmallRun.scorers(), progress);
    }

    @Tag("full")
    @Test
    void losesNothingButTheRepliesInFlight() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        try {
            while (replies().size() < 4) {
                assertThat(process.waitFor(20, TimeUnit.MILLISECONDS))
                        .as(Files.readString(folder.resolve("log")))
                        .isFalse();
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        List<Path> kept = replies();
        List<Object> times = times(kept);
        try (SmallRun small = new SmallRun()) {
            CompareOutcome outcome = run(small, folder.resolve("run"), RunProgress.NONE);

            assertThat(outcome.rows()).allMatch(row -> row.all().questions() == QUESTIONS);
        }

        assertThat(kept).hasSizeBetween(4, REPLIES - 1);
        assertThat(times(kept)).isEqualTo(times);
        try (Stream<Path> left = Files.walk(folder.resolve("run"))) {
            assertThat(left).noneMatch(file -> file.toString().endsWith(".part"));
        }
    }

    private List<String> command() {
        return List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Dsparrow.testdata=" + System.getProperty("sparrow.testdata"),
                "-cp",
                System.getProperty("java.class.path"),
                KilledRunTest.class.getName(),
                folder.resolve("run").toString());
    }

    /** Replies that are kept, and their sound with them. */
    private List<Path> replies() throws IOException {
        Path replies = folder.resolve("run/replies");
        if (!Files.isDirectory(replies)) return List.of();
        try (Stream<Path> files = Files.walk(replies)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            return List.of(); // a file was moved to its place meanwhile
        }
    }

    private static List<Object> times(List<Path> files) throws IOException {
        List<Object> times = new ArrayList<>();
        for (Path file : files) times.add(Files.getLastModifiedTime(file));
        return times;
    }
}
