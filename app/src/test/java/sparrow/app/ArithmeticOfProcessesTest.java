package sparrow.app;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.app.Commands.assertRefusedInOneLine;
import static sparrow.app.Commands.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.tensor.kernel.VectorWidth;

/** What {@code sparrow info} calls the arithmetic, in JVMs of their own: the width of vectors is chosen once in each. */
class ArithmeticOfProcessesTest {
    private record Outcome(int code, String out, String err) {
        String arithmetic() {
            return out.lines()
                    .filter(line -> line.startsWith("arithmetic"))
                    .map(line -> line.substring("arithmetic".length()).strip())
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(err));
        }
    }

    private static Outcome info(List<String> jvmOptions, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of("--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(jvmOptions);
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        command.addAll(List.of("-cp", classPath, Main.class.getName(), "info"));
        command.addAll(Arrays.asList(options));
        Process process = new ProcessBuilder(command).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), out, err);
    }

    @Tag("full")
    @Test
    void namesTheWidthOfVectorsOrTheReference() throws IOException, InterruptedException {
        String own = info(List.of(), "--threads", "1").arithmetic();

        assertThat(own).matches("vector-(128|256|512)x(4|12) java-\\S+ \\S+ build-[0-9a-f]{12}");
        assertThat(info(List.of(), "--threads", "2").arithmetic()).isEqualTo(own);
        String platform = own.substring(own.indexOf(' '));
        for (int bits : new int[] {128, 256, 512}) {
            assertThat(info(List.of("-Dsparrow.vectorBits=512"), "--set vector-bits=" + bits)
                            .arithmetic())
                    .startsWith("vector-" + bits + "x")
                    .endsWith(platform);
        }
        assertThat(info(List.of("-Dsparrow.kernels=scalar")).arithmetic()).isEqualTo("scalar" + platform);
    }

    @ParameterizedTest
    @CsvSource({
        "--set vector-bits=64, --set vector-bits: expected 128\\, 256 or 512\\, got 64",
        "--set vector-bits=wide, --set vector-bits: expected a whole number, got wide"
    })
    void widthsThatDoNotExistAreRefusedInOneLine(String option, String reason) {
        assertRefusedInOneLine(run(("info " + option).split(" ")), reason.replace("\\", ""));
    }

    @Test
    void referenceKernelsHaveNoVectors() throws IOException, InterruptedException {
        Outcome outcome = info(List.of("-Dsparrow.kernels=scalar"), "--set vector-bits=256");

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err().lines().filter(line -> !line.startsWith("WARNING")))
                .containsExactly("sparrow: --set vector-bits: expected vector kernels, got -Dsparrow.kernels=scalar");
    }

    @Tag("full")
    @Test
    void widerVectorsThanTheMachineHasAreImitatedAndNamed() throws IOException, InterruptedException {
        Outcome outcome = info(List.of(), "--set vector-bits=512");

        assertThat(outcome.code()).isZero();
        String line = "vectors of 512 bits were requested, but this JVM has ";
        if (VectorWidth.preferred() < 512) assertThat(outcome.err()).contains(line);
        else assertThat(outcome.err()).doesNotContain(line);
    }
}
