package sparrow.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in {@code scripts}, with scripts in the place of llama.cpp and of Sparrow that print given speeds. */
class LlamaCppComparisonTest {
    private static final Path SOURCE =
            Path.of(System.getProperty("sparrow.testdata")).resolveSibling("scripts/LlamaCppComparison.java");

    @TempDir
    private static Path classes;

    /** Its method {@code run(String[], PrintStream, PrintStream)}. */
    private static MethodHandle comparison;

    @TempDir
    private Path folder;

    private Path peer;
    private Path model;
    private Path node;
    private Path sparrow;

    private record Outcome(int code, String out, String err) {}

    @BeforeAll
    static void compile() throws IOException, ReflectiveOperationException {
        int code = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-Xlint:all", "-Werror", "-d", classes.toString(), SOURCE.toString());
        assertThat(code).isZero();
        Class<?> program = new URLClassLoader(new URL[] {classes.toUri().toURL()}).loadClass("LlamaCppComparison");
        MethodType type = MethodType.methodType(int.class, String[].class, PrintStream.class, PrintStream.class);
        comparison = MethodHandles.lookup().findStatic(program, "run", type);
    }

    @BeforeEach
    void install() throws IOException {
        model = Files.write(folder.resolve("model.gguf"), new byte[1000]);
        peer = folder.resolve("peer");
        Files.createDirectories(peer.resolve("node_modules/node-llama-cpp"));
        // @ is the number of the call; the arguments are kept.
        node = script("node", "{\"prefill_tokens_per_s\": @0, \"decode_tokens_per_s\": @}");
        sparrow = script(
                "sparrow",
                "{ \"prefill_tokens_per_s\" : { \"lower\" : 1, \"median\" : 6.0 }, \"policies\": [ {"
                        + " \"decode_tokens_per_s\" : { \"lower\" : 1.0, \"median\" : 3.0, \"upper\" : 9.0 } } ] }");
    }

    private Path script(String name, String json) throws IOException {
        Path file = folder.resolve(name);
        Path calls = folder.resolve(name + ".calls");
        Files.writeString(
                file,
                "#!/bin/sh\necho \"$*\" >> '" + calls + "'\nn=$(wc -l < '" + calls + "' | tr -d ' ')\necho '"
                        + json.replace("@", "'$n'") + "'\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file;
    }

    private Outcome run(String... args) {
        List<String> all = new ArrayList<>(List.of(
                model.toString(),
                "--peer",
                peer.toString(),
                "--node",
                node.toString(),
                "--sparrow",
                sparrow.toString(),
                "--threads",
                "2"));
        all.addAll(Arrays.asList(args));
        return call(all.toArray(String[]::new));
    }

    private static Outcome call(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code;
        try {
            code = (int) comparison.invokeExact(args, new PrintStream(out, true), new PrintStream(err, true));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
        return new Outcome(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void bothRunInTurnWithTheSameCounts() throws IOException {
        Outcome outcome = run("--rounds", "2", "--prompt", "7", "--tokens", "8", "--", "--heads", "none");

        assertThat(outcome.code()).isZero();
        assertThat(Files.readAllLines(folder.resolve("node.calls")))
                .hasSize(2)
                .allMatch(call -> call.equals("peer.mjs speed " + model + " 2 7 8"));
        assertThat(Files.readAllLines(folder.resolve("sparrow.calls")))
                .hasSize(2)
                .allMatch(call -> call.contains("bench decode --model " + model)
                        && call.endsWith("--threads 2 --set prompt=7 --tokens 8 --json --heads none"));
    }

    @Test
    void tableHoldsBothMediansAndRatios() throws IOException {
        Outcome outcome = run("--rounds", "3");

        assertThat(outcome.err())
                .contains("round 2 of 3: llama.cpp prefill 20.00, decode 2.00 tokens/s;"
                        + " sparrow prefill 6.00, decode 3.00 tokens/s");
        // The peer decodes 1, 2 and 3 tokens per second, Sparrow always 3: ratios 3, 1.5, 1.5, 1, 1.
        assertThat(outcome.out().lines())
                .anyMatch(line -> line.matches("1 +10\\.00 +1\\.00 +6\\.00 +3\\.00"))
                .anyMatch(line -> line.matches("median +20\\.00 +2\\.00 +6\\.00 +3\\.00"))
                .contains("prefill  0.300  (0.200 .. 0.300)")
                .contains("decode   1.500  (1.000 .. 1.500)");
    }

    @Test
    void jsonHoldsTheSame() throws IOException {
        Outcome outcome = run("--rounds", "1", "--json");

        assertThat(outcome.out())
                .startsWith("{\"model\": \"" + model + "\", \"threads\": 2, \"prompt_tokens\": 96,")
                .contains("\"rounds\": [{\"llama_cpp\": {\"prefill_tokens_per_s\": 10.0, \"decode_tokens_per_s\": 1.0},"
                        + " \"sparrow\": {\"prefill_tokens_per_s\": 6.0, \"decode_tokens_per_s\": 3.0}}]")
                .contains("\"decode\": {\"lower\": 3.0, \"median\": 3.0, \"upper\": 3.0}");
    }

    @Test
    void absentPeerIsSkippedInOneLine() throws IOException {
        assertSkipped(run("--node", "no-such-node"), "no-such-node is not installed");
        Files.delete(peer.resolve("node_modules/node-llama-cpp"));
        assertSkipped(run(), "has no node-llama-cpp");
        assertThat(folder.resolve("sparrow.calls")).doesNotExist();
    }

    private static void assertSkipped(Outcome outcome, String reason) {
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err().strip())
                .startsWith("side by side: skipped, no peer: ")
                .contains(reason)
                .doesNotContain("\n");
    }

    @Test
    void failingRunIsToldInOneLine() throws IOException {
        Files.writeString(sparrow, "#!/bin/sh\nexit 3\n");

        Outcome outcome = run("--rounds", "1");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains("side by side: " + sparrow + " ended with 3");
    }

    @Test
    void wrongUseIsRefused() throws IOException {
        assertThat(call().code()).isEqualTo(2);
        assertThat(run("--rounds", "0").err()).contains("--rounds: expected 1 or more, got 0");
        assertThat(run("--no-such-option").err()).contains("unexpected --no-such-option");
        assertThat(call("missing.gguf").err()).contains("missing.gguf: no such file");
    }
}
