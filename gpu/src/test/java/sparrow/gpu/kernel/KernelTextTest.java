package sparrow.gpu.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The text that devices are given. */
class KernelTextTest {
    private static final String COMPILER = "clang-18";

    @TempDir
    private Path folder;

    @Test
    void everyVariantHasANameOfItsOwn() {
        List<String> names = new ArrayList<>();
        DeviceKernels.text(Lanes.LOCAL, names);

        assertThat(names)
                .doesNotHaveDuplicates()
                .contains("matvec_q8_0_1", "matvec_bf16_4", "rms_rows", "rope_halves", "rope_neighbours", "swiglu");
    }

    /** Syntax and types on a target of NVIDIA, where there is the compiler (pocl brings it); not what its driver says. */
    @Test
    void itCompilesForAnotherTarget() throws Exception {
        assumeThat(isThere(COMPILER)).as(COMPILER + " on the PATH").isTrue();
        List<String> names = new ArrayList<>();
        Path text = Files.writeString(folder.resolve("kernels.cl"), DeviceKernels.text(Lanes.LOCAL, names));
        Path assembly = folder.resolve("kernels.ptx");
        List<String> command = new ArrayList<>(List.of(COMPILER, "-x", "cl", "-cl-std=CL1.2", "-Werror", "-O2", "-S"));
        command.add("--target=nvptx64-nvidia-cuda");
        for (String option : List.of("-target-cpu", "sm_80", "-target-feature", "+ptx80", "-finclude-default-header")) {
            command.addAll(List.of("-Xclang", option));
        }
        command.addAll(List.of(text.toString(), "-o", assembly.toString()));

        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
        assertThat(Files.readString(assembly))
                .contains(names.stream().map(name -> ".entry " + name + "(").toList());
    }

    private static boolean isThere(String program) throws IOException {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
