package sparrow.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.cluster.Study.assertSameFiles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A comparison of 24 questions by three policies on a real cluster, with all that can happen to it: the files are those of
 * this machine alone.
 */
@EnabledIfSystemProperty(named = "sparrow.cluster", matches = "true", disabledReason = "takes two minutes; -Pcluster")
@ExtendWith(SharedCluster.class)
class StudyOnClusterTest {
    private static final int REPLIES = 24 * 3;

    @TempDir
    private static Path folder;

    private static StandaloneCluster cluster;

    @BeforeAll
    static void compareHere(StandaloneCluster shared) {
        cluster = shared;
        assertThat(Study.run(command("here")).code()).isZero();
    }

    private static List<String> command(String out, String... more) {
        List<String> words = new ArrayList<>(List.of("study", "compare", "--data", Study.QUESTIONS, "--items", "24"));
        words.addAll(List.of(
                "--set", "batch=4", "--asr", "none", "--policies", "even:8,triple:12", "--max-new-tokens", "40"));
        words.addAll(List.of("--threads", "1", "--out", folder.resolve(out).toString()));
        words.addAll(List.of(more));
        return words;
    }

    private static List<String> onCluster(String out, String... more) {
        List<String> words = command(out, cluster.options());
        words.addAll(List.of(more));
        return words;
    }

    private static List<Path> replies(String out) throws IOException {
        Path replies = folder.resolve(out).resolve("replies");
        if (!Files.isDirectory(replies)) return List.of();
        try (Stream<Path> files = Files.walk(replies)) {
            return files.filter(file -> file.toString().endsWith(".json")).toList();
        }
    }

    /** Waits until the first batch is kept. */
    private static void awaitReplies(String out, CompletableFuture<?> run) throws Exception {
        while (replies(out).isEmpty() && !run.isDone()) TimeUnit.MILLISECONDS.sleep(20);
        assertThat(replies(out).size()).as("replies before the end").isBetween(1, REPLIES - 1);
    }

    @Test
    void findsTheSameFilesThoughAnExecutorIsKilled() throws Exception {
        CompletableFuture<Study.Outcome> run = CompletableFuture.supplyAsync(() -> Study.run(onCluster("killed")));
        awaitReplies("killed", run);
        cluster.executors().getFirst().destroyForcibly();

        Study.Outcome outcome = run.get(300, TimeUnit.SECONDS);

        assertThat(outcome.code()).isZero();
        assertThat(outcome.err().lines().toList())
                .singleElement()
                .asString()
                .matches("sparrow: worker \\S+ is lost \\(.*\\)");
        assertSameFiles(folder.resolve("here"), folder.resolve("killed"));
    }

    @Test
    void goesOnWhereAKilledDriverWas() throws Exception {
        Process driver = Study.process(folder.resolve("driver.log"), onCluster("driven"));
        CompletableFuture<Process> end = driver.onExit();
        awaitReplies("driven", end);
        driver.destroyForcibly();
        end.get(5, TimeUnit.MINUTES);
        int kept = replies("driven").size();
        cluster.awaitNoExecutors();

        Study.Outcome outcome = Study.run(onCluster("driven"));

        assertThat(kept).isBetween(1, REPLIES - 1);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isZero();
        assertSameFiles(folder.resolve("here"), folder.resolve("driven"));
    }

    @Test
    void goesOnWithWhatThisMachineBegan() throws IOException {
        Path begun = folder.resolve("begun");
        for (var file : Study.files(folder.resolve("here")).entrySet()) {
            Path copy = begun.resolve(file.getKey());
            Files.createDirectories(copy.getParent());
            if (!copy.toString().contains("triple")) Files.write(copy, file.getValue());
        }

        Study.Outcome outcome = Study.run(onCluster("begun"));

        assertThat(outcome.code()).isZero();
        assertSameFiles(folder.resolve("here"), begun);
    }

    @Test
    void whoDoesNotKnowTheSecretIsRefused() throws IOException {
        Path other = StandaloneCluster.secretFile(folder.resolve("other.properties"), "not the secret");

        Study.Outcome outcome = Study.run(command(
                "strange",
                "--on",
                cluster.master().toString(),
                "--set",
                "spark-properties=" + other.toString(),
                "--set",
                "spark=spark.jars=" + cluster.jars(),
                "--set",
                "worker-wait=5"));

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err().lines().toList())
                .singleElement()
                .asString()
                .contains("the master rejects this process: expected its spark.authenticate.secret");
        assertThat(replies("strange")).isEmpty();
    }

    @Test
    void workersThatAreUnfitRefuseInOneLine() throws IOException {
        Study.Outcome without = Study.run(onCluster("without", "--set", "worker-model=/nowhere/model"));
        Study.Outcome narrow =
                Study.run(onCluster("narrow", "--set", "spark=spark.executor.extraJavaOptions=-XX:UseAVX=1"));

        assertThat(without.code()).isEqualTo(2);
        assertThat(without.err()).matches("sparrow: worker \\S+: /nowhere/model: no such folder\n");
        assertThat(narrow.code()).isEqualTo(2);
        assertThat(narrow.err())
                .matches("sparrow: worker \\S+ computes with 128-bit vectors, this run with \\d+;"
                        + " start it with --set vector-bits=128\n");
        assertThat(replies("without")).isEmpty();
        assertThat(replies("narrow")).isEmpty();
    }
}
