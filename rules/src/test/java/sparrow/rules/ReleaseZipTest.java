package sparrow.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Unpacks the release's zip with its file permissions, and asks the example questions with its own Java runtime. */
@EnabledIfSystemProperty(
        named = "sparrow.release",
        matches = "true",
        disabledReason = "-Prelease runs it, because it needs the release's zip")
class ReleaseZipTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");

    @TempDir
    private static Path folder;

    private static Path program;

    @BeforeAll
    static void unpack() throws IOException {
        Path zip;
        try (Stream<Path> files = Files.list(Repository.ROOT.resolve("app/target"))) {
            zip = files.filter(file -> file.getFileName().toString().matches("sparrow-.*\\.zip"))
                    .findFirst()
                    .orElseThrow();
        }
        try (FileSystem packed = FileSystems.newFileSystem(zip, Map.of("enablePosixFileAttributes", "true"));
                Stream<Path> files = Files.walk(packed.getPath("/"))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path copy = folder.resolve(packed.getPath("/").relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                    if (!WINDOWS) Files.setPosixFilePermissions(copy, Files.getPosixFilePermissions(file));
                }
            }
        }
        try (Stream<Path> roots = Files.list(folder)) {
            program = roots.findFirst().orElseThrow().resolve(WINDOWS ? "bin/sparrow.bat" : "bin/sparrow");
        }
    }

    /** The replies of the independent reference. */
    static Stream<JsonNode> questions() throws IOException {
        return JSON.readTree(Repository.ROOT.resolve("testdata/tiny/demo.json").toFile())
                .path("items")
                .valueStream();
    }

    @ParameterizedTest
    @MethodSource("questions")
    void answersAsTheReference(JsonNode expected) throws Exception {
        String recording = Repository.ROOT
                .resolve("examples", expected.path("file").asText())
                .toString();

        JsonNode turn = JSON.readTree(run(List.of(program.toString(), "ask", "--exit", "none", "--json", recording)))
                .path("turns")
                .path(0);

        assertThat(turn.path("text").asText())
                .isEqualTo(expected.path("model_answer").asText());
        List<Integer> tokens = turn.path("steps")
                .valueStream()
                .map(step -> step.path("token").asInt())
                .toList();
        List<Integer> reference = new ArrayList<>();
        expected.path("greedy_ids").forEach(id -> reference.add(id.asInt()));
        assertThat(tokens).isEqualTo(reference);
    }

    @Test
    void namesItsVersion() throws Exception {
        assertThat(run(List.of(program.toString(), "--version")))
                .contains(
                        program.getParent().getParent().getFileName().toString().replace("sparrow-", ""));
    }

    /** Runs a program in the folder and returns its standard output. */
    private static String run(List<String> command) throws IOException, InterruptedException {
        Path errors = folder.resolve("errors.txt");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(errors.toFile())
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(() -> command + ": " + read(errors)).isZero();
        return output;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
