package sparrow.study.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options of a cluster where there is none: the module is not on the class path of these tests. */
class WorkersOptionsTest {
    private static final Path EVALUATION = Path.of(System.getProperty("sparrow.testdata"), "demo-eval");

    @TempDir
    private Path folder;

    private Commands.Outcome run(String command, String... more) {
        List<String> all = new ArrayList<>(List.of(command.split(" ")));
        all.addAll(List.of(more));
        return Commands.run(all.toArray(String[]::new));
    }

    private String compare() {
        return "study compare --data folder:" + EVALUATION + " --out " + folder.resolve("out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"study compare --data folder:none", "study layers --data folder:none"})
    void aClusterTakesTheModule(String command) {
        assertThat(run(command, "--out", folder.resolve("out").toString(), "--on", "spark://host:7077"))
                .isEqualTo(new Commands.Outcome(
                        2,
                        "",
                        "sparrow: --on: the module cluster is not on the class path; ./sparrow builds and adds it\n"));
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpu", "gpu:1", "fake:0"})
    void workersHaveNoDevices(String device) {
        assertThat(run(compare(), "--on", "local", "--device", device))
                .isEqualTo(new Commands.Outcome(
                        2,
                        "",
                        "sparrow: --device: expected cpu with --on, whose workers compute on threads, got " + device
                                + "\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "worker-cores, 2",
        "worker-memory, 8g",
        "worker-model, model",
        "worker-heads, heads",
        "worker-java-home, jdk",
        "worker-wait, 5",
        "spark, spark.a=b",
        "spark-properties, file",
        "cluster-auth, false"
    })
    void settingsOfAClusterExpectOne(String key, String value) {
        assertThat(run(compare(), "--set", key + "=" + value))
                .isEqualTo(new Commands.Outcome(2, "", "sparrow: --set " + key + ": expected with --on\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--timing 3     | --timing: expected without --on, because times on shared machines are meaningless; repeat"
                        + " the command without --on to time the stored questions",
                "--set matrix=auto  | --set matrix: expected java with --on: workers have no native library",
                "--out hdfs://a/b | --out: expected a folder on this machine, got hdfs:/a/b; copy the finished folder there"
            })
    void whatAClusterCannotDoIsRefused(String options, String message) {
        String command = options.startsWith("--out") ? "study compare --data folder:none" : compare();

        assertThat(run(command + " " + options.strip(), "--on", "local"))
                .isEqualTo(new Commands.Outcome(2, "", "sparrow: " + message + "\n"));
    }
}
