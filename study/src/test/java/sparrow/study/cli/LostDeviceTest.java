package sparrow.study.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A study whose device is lost in the middle of its replies. */
class LostDeviceTest {
    private static final Path EVALUATION = Path.of(System.getProperty("sparrow.testdata"), "demo-eval");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "study compare --asr none --policies even:14 --items 1 --data folder:EVALUATION",
                "study layers --layers 12 --items 1 --data folder:EVALUATION",
                "heads harvest --layers 12 --prompts PROMPTS"
            })
    void itEndsInOneLineAndNoReplyIsKept(String command) throws IOException {
        Path prompts = Files.createDirectory(folder.resolve("prompts"));
        Files.copy(EVALUATION.resolve("../../examples/q01.wav"), prompts.resolve("q01.wav"));
        String all = command.replace("EVALUATION", EVALUATION.toString()).replace("PROMPTS", prompts.toString())
                + " --max-new-tokens 20 --device fake:2 --out " + folder.resolve("out");
        Commands.Outcome outcome = Commands.run(all.split(" "));

        assertThat(outcome.err().lines())
                .containsExactly(
                        "sparrow: layers are computed on Fake 2 (Host 3.0)",
                        "sparrow: gpu: Fake 2 was lost: unplugged");
        assertThat(outcome.code()).isEqualTo(1);
        try (Stream<Path> files = Files.walk(folder.resolve("out"))) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.endsWith(".wav") || name.endsWith(".html") || name.contains("reply"));
        }
    }
}
