package sparrow.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import sparrow.app.Main;

/** Commands of the laboratory, and the files that they leave. */
final class Study {
    static final String QUESTIONS = "folder:" + Path.of(System.getProperty("sparrow.testdata"), "demo-eval");

    static final String SECOND_TURNS =
            "conversations:" + Path.of(System.getProperty("sparrow.testdata"), "demo-eval/second.jsonl");

    static final String RECOGNISER =
            "sphinx:" + Path.of(System.getProperty("sparrow.testdata"), "demo-eval/answers.txt");

    private Study() {}

    /** The end of a command. */
    record Outcome(int code, String out, String err) {}

    static Outcome run(List<String> first, String... more) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> all = new ArrayList<>(first);
        all.addAll(List.of(more));
        int code = Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(all.toArray(String[]::new));
        return new Outcome(code, out.toString(), err.toString());
    }

    /** The same in a process of its own, to be killed. */
    static Process process(Path log, List<String> command) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx600m",
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        words.addAll(command);
        return new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    /** All files of a run by their names, but for its report, which says when and how it was made. */
    static Map<String, byte[]> files(Path folder) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString();
                if (name.startsWith("report") || name.startsWith(".") || name.endsWith(".html")) continue;
                files.put(name, Files.readAllBytes(file));
            }
        }
        return files;
    }

    static void assertSameFiles(Path one, Path other) throws IOException {
        Map<String, byte[]> expected = files(one);
        Map<String, byte[]> found = files(other);
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, bytes) -> assertThat(found.get(name)).as(name).isEqualTo(bytes));
    }
}
