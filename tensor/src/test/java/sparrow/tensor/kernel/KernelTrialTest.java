package sparrow.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where {@link Numerics} are equal, results are. */
@Tag("lanes")
class KernelTrialTest {
    private static final ComputePool ONE = new ComputePool(1);
    private static final ComputePool TWO = new ComputePool(2);

    @AfterAll
    static void close() {
        ONE.close();
        TWO.close();
    }

    @Test
    void dependsOnNoNumberOfThreads() {
        assertThat(KernelTrial.results(new VectorKernels(TWO)))
                .isEqualTo(KernelTrial.results(new VectorKernels(ONE)))
                .isNotEmpty();
        assertThat(KernelTrial.results(new ScalarKernels(TWO))).isEqualTo(KernelTrial.results(new ScalarKernels(ONE)));
    }

    /** First the JVM interprets, then it compiles; a run must not notice. */
    @Test
    void isTheSameHoweverOftenItIsComputed() {
        Kernels kernels = new VectorKernels(ONE);
        double[] first = KernelTrial.results(kernels);

        int times = Widths.slow() ? 5 : 60;
        for (int i = 0; i < times; i++) assertThat(KernelTrial.results(kernels)).isEqualTo(first);
        assertThat(Arrays.stream(first)).allMatch(Double::isFinite);
    }

    @Test
    void tellsVectorsFromTheReference() {
        double[] vector = KernelTrial.results(new VectorKernels(ONE));
        double[] scalar = KernelTrial.results(new ScalarKernels(ONE));

        assertThat(vector).hasSameSizeAs(scalar).isNotEqualTo(scalar);
        for (int i = 0; i < vector.length; i++) {
            // Keys and values of eight bits may be rounded the other way, a step apart.
            assertThat(vector[i]).as("result %d", i).isCloseTo(scalar[i], within(0.1));
        }
    }

    @Test
    void asksAMatrixProviderToo() {
        PlainProvider provider = new PlainProvider();

        double[] one = KernelTrial.results(new VectorKernels(ONE, Optional.of(provider)));

        assertThat(provider.calls).hasPositiveValue();
        assertThat(KernelTrial.results(new VectorKernels(TWO, Optional.of(provider))))
                .isEqualTo(one);
    }

    /**
     * Compiled by other compilers, for processors without some instructions (whose tiles have fewer rows).
     */
    @ParameterizedTest
    @ValueSource(strings = {"-XX:TieredStopAtLevel=1", "-XX:UseAVX=2", "-XX:UseAVX=2 -XX:-UseFMA"})
    @Tag("full")
    void isTheSameOnEveryProcessorForAWidthOfVectors(String options) throws IOException, InterruptedException {
        assertThat(digest(options)).isEqualTo(digest("")).isNotEqualTo(digest("-Dsparrow.vectorBits=256"));
    }

    private static String digest(String options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "--add-modules=jdk.incubator.vector",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "-Dsparrow.vectorBits=128"));
        if (!options.isEmpty()) command.addAll(List.of(options.split(" ")));
        String classPath = String.join(File.pathSeparator, "target/classes", "target/test-classes");
        command.addAll(List.of("-cp", classPath, KernelTrial.class.getName()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return out.strip();
    }
}
