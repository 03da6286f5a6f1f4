package sparrow.app.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.app.Main;

/** What the command line says when it is started in a JVM that makes it slow: one line, in JVMs of their own. */
class SelfCheckTest {
    private static final String VECTORS = "--add-modules=jdk.incubator.vector";

    private record Outcome(int code, List<String> err) {}

    /** Runs a command that is refused right after the check: nothing is computed, even interpreted it takes a second. */
    private static Outcome start(String... jvmOptions) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(Arrays.asList(jvmOptions));
        // Surefire hides the real class path behind a jar of its own.
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        command.addAll(List.of("-cp", classPath, Main.class.getName(), "info", "no-such-model"));
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(
                process.waitFor(),
                err.lines()
                        .filter(line -> !line.startsWith("WARNING: Using incubator modules"))
                        .toList());
    }

    @Test
    void ordinaryJvmIsNotCommentedOn() throws IOException, InterruptedException {
        Outcome outcome = start(VECTORS);

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).singleElement().asString().startsWith("sparrow: no-such-model");
    }

    @Tag("full")
    @ParameterizedTest
    @CsvSource({
        "-Xint, interprets all code",
        "-XX:-UseCompiler, interprets all code",
        "-XX:TieredStopAtLevel=1, not compiled to vector instructions",
        "-XX:CompilationMode=quick-only, not compiled to vector instructions"
    })
    void jvmWithoutC2IsNamedWithItsRemedy(String option, String reason) throws IOException, InterruptedException {
        Outcome outcome = start(VECTORS, option);

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).hasSize(2);
        assertThat(outcome.err().getFirst())
                .startsWith("sparrow: ")
                .contains(reason)
                .endsWith("start java without " + option);
    }

    @Tag("full")
    @Test
    void vectorsThatAreNotIntrinsicAreNamed() throws IOException, InterruptedException {
        Outcome outcome = start(VECTORS, "-XX:+UnlockExperimentalVMOptions", "-XX:-EnableVectorSupport");

        assertThat(outcome.err()).hasSize(2);
        assertThat(outcome.err().getFirst()).endsWith("start java without -XX:-EnableVectorSupport");
    }

    @Tag("full")
    @ParameterizedTest
    @CsvSource({"-XX:UseAVX=1", "-XX:MaxVectorSize=16"})
    @EnabledIf("hasWideVectors")
    void narrowedVectorsAreNamed(String option) throws IOException, InterruptedException {
        Outcome outcome = start(VECTORS, option);

        assertThat(outcome.err()).hasSize(2);
        assertThat(outcome.err().getFirst())
                .contains("uses vectors of 128 bits on a processor with ")
                .endsWith("start java without " + option);
    }

    static boolean hasWideVectors() throws IOException {
        Path cpuinfo = Path.of("/proc/cpuinfo");
        return Files.isReadable(cpuinfo) && Files.readString(cpuinfo).contains(" avx2 ");
    }

    @Test
    void missingVectorApiIsRefusedInOneLine() throws IOException, InterruptedException {
        Outcome outcome = start();

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err())
                .singleElement()
                .asString()
                .startsWith("sparrow: the Vector API is missing: start java with --add-modules jdk.incubator.vector");
    }

    @Tag("full")
    @Test
    void whoAsksForTheReferenceKernelsIsNotWarned() throws IOException, InterruptedException {
        assertThat(start("-Dsparrow.kernels=scalar", "-Xint").err())
                .singleElement()
                .asString()
                .startsWith("sparrow: no-such-model");
    }
}
