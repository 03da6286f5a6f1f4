package sparrow.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;

/** Runs each variant in its own process, because the choice is a constant of the process. */
@Tag("full")
class KernelVariantTest {
    private static String expected;

    @BeforeAll
    static void runTheDefault() throws IOException {
        expected = results("");
        assertThat(expected).hasLineCount(9);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "run=4",
                "run=4,adjacent=1,pad=64",
                "run=4,groups=1",
                "run=4,groups=1,adjacent=1,pad=64",
                "apart=1,single=1",
                "pages=2"
            })
    void computesTheBitsOfTheDefault(String variant) throws IOException {
        assertThat(results(variant)).isEqualTo(expected);
    }

    private static String results(String variant) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                Path.of("target", "classes") + File.pathSeparator + Path.of("target", "test-classes")));
        Stream.of(variant.split(","))
                .filter(setting -> !setting.isEmpty())
                .forEach(setting -> command.add("-Dsparrow.variant." + setting));
        command.add(Results.class.getName());
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Prints hashes of products of one and four rows, and of ten, for which the matrix is unpacked. */
    static final class Results {
        private Results() {}

        public static void main(String[] args) {
            try (ComputePool pool = new ComputePool(2);
                    Arena arena = Arena.ofShared()) {
                Kernels kernels = new VectorKernels(pool);
                for (DType type : List.of(DType.Q4_0, DType.Q8_0, DType.Q4_K)) {
                    // Eight bundles and a part of a ninth; several runs of columns with run=4.
                    Weight weight = kernels.pack(random(type, 8 * 64 + 5, 3 * 256, arena), arena);
                    for (int rows : new int[] {1, 4, 10}) {
                        float[] x = new float[rows * weight.columns()];
                        for (int i = 0; i < x.length; i++) x[i] = (i * 37 % 101 - 50) / 50f;
                        float[] y = new float[rows * weight.rows()];
                        kernels.linear(
                                Block.of(x, rows, weight.columns()), weight, null, Block.of(y, rows, weight.rows()));
                        System.out.println(type + " " + rows + ": " + Arrays.hashCode(y));
                    }
                }
            }
        }

        private static Matrix random(DType type, int rows, int columns, Arena arena) {
            byte[] bytes = new byte[Math.toIntExact(type.bytes((long) rows * columns))];
            new SplittableRandom(1).nextBytes(bytes);
            MemorySegment data = arena.allocate(bytes.length, 64);
            MemorySegment.copy(bytes, 0, data, ValueLayout.JAVA_BYTE, 0, bytes.length);
            for (long at = 0; at < bytes.length; at += type.blockBytes()) {
                for (int place : type.factors()) data.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + place, (short) 0x2c00);
            }
            return new Matrix(data, type, rows, columns);
        }
    }
}
