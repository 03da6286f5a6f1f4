package sparrow.app.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.app.Main;

/** {@code sparrow chat} in a process of its own, because it reads standard input. */
class ChatCommandTest {
    private static final Path QUESTION =
            Path.of(System.getProperty("sparrow.testdata")).resolveSibling("examples/q01.wav");

    @TempDir
    private Path folder;

    private List<String> chat(String... lines) throws IOException, InterruptedException {
        Path input = Files.write(folder.resolve("input"), List.of(lines));
        Path err = folder.resolve("err");
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules=jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        classPath,
                        Main.class.getName(),
                        "chat")
                .redirectInput(input.toFile())
                .redirectError(err.toFile())
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(Files.readString(err)).isZero();
        return out.lines().toList();
    }

    @Test
    void anAnswerHasOneLineOfReportAndCommandsAreNoQuestions() throws IOException, InterruptedException {
        List<String> out = chat("/help", "/report", "/nothing", QUESTION.toString(), "/report", "/quit", "never asked");

        assertThat(out).anyMatch(line -> line.contains("/report prints the details of the last answer"));
        assertThat(out).anyMatch(line -> line.contains("no answer yet"));
        assertThat(out).anyMatch(line -> line.contains("sparrow: expected /help, /report or /quit, got /nothing"));
        assertThat(out).filteredOn(line -> line.contains("tripoli")).hasSize(1);
        int answer = out.indexOf(out.stream()
                .filter(line -> line.contains("tripoli"))
                .findFirst()
                .orElseThrow());
        assertThat(out.get(answer + 1))
                .matches("25 text, 36 speech; ended by itself; text 16.00 of 16 layers; speech 14.00 .*;"
                        + " [0-9.]+ s of speech, first audio after [0-9.]+ s");
        assertThat(out.subList(answer + 2, out.size()))
                .anyMatch(line -> line.startsWith("trace  TTTT"))
                .noneMatch(line -> line.contains("never asked"));
    }
}
