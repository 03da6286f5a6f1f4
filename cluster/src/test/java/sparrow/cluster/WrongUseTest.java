package sparrow.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A use that cannot be meant is refused in one line, before a model is opened. */
class WrongUseTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--on yarn                      | 2 | a cluster on yarn is reached by spark-submit --master yarn and --on submit",
                "--on k8s://https://host:6443   | 2 | a cluster on k8s is reached by spark-submit",
                "--on nowhere                   | 2 | expected local, spark://HOST:PORT or submit, got \"nowhere\"",
                "--on spark://host:99999        | 2 | expected local, spark://HOST:PORT or submit",
                "--on local --set spark=nothing      | 2 | expected spark.KEY=VALUE, got \"nothing\"",
                "--on local --set spark=spark.authenticate.secret=x | 2 | does not belong on a command line",
                "--on local --set worker-memory=lots | 2 | worker memory: expected a size such as 8g or 900m, got \"lots\"",
                "--on local --set worker-cores=0    | 2 | worker cores: expected 1 or more, got 0",
                "--on local --set worker-wait=0            | 2 | wait: expected more than 0 s, got 0",
                "--on local --set spark-properties=none | 2 | none: no such file",
                "--on spark://127.0.0.1:1       | 1 | spark://127.0.0.1:1: no answer",
                "--on spark://192.0.2.1:7077    | 2 | spark://192.0.2.1:7077 without a secret lets any program run code",
                "--on submit                    | 2 | submit is for commands started by spark-submit"
            })
    void isToldInOneLine(String options, int code, String message) {
        Study.Outcome outcome = Study.run(
                List.of("study", "compare", "--data", Study.QUESTIONS, "--items", "1", "--asr", "none"),
                (options.strip() + " --out " + folder.resolve("out")).split(" "));

        assertThat(outcome.err().lines().toList())
                .singleElement()
                .asString()
                .startsWith("sparrow: ")
                .contains(message);
        assertThat(outcome.code()).isEqualTo(code);
        assertThat(folder.resolve("out/replies")).doesNotExist();
    }
}
