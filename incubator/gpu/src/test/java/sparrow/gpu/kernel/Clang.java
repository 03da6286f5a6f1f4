package sparrow.gpu.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import sparrow.gpu.device.Language;

/**
 * A compiler that makes PTX of kernels without a card and without NVIDIA's programs; pocl brings it. It proves syntax and
 * types, also of PTX in a text; not what NVIDIA's own compilers say.
 */
final class Clang {
    private static final String PROGRAM = "clang-18";

    private Clang() {}

    /** PTX of a text, without a warning. Where the compiler is not, the test is skipped with the reason. */
    static String ptx(Language language, String text, Path folder) throws IOException, InterruptedException {
        assumeThat(isThere()).as(PROGRAM + " on the PATH").isTrue();
        Path assembly = folder.resolve("kernels.ptx");
        List<String> command = new ArrayList<>(List.of(PROGRAM, "-Werror", "-O2", "-S", "-o", assembly.toString()));
        command.addAll(
                switch (language) {
                    case OPENCL_C, OPENCL_C_WITH_PTX -> openCl();
                    case CUDA -> cuda(folder);
                });
        command.add(Files.writeString(folder.resolve("kernels"), text).toString());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return Files.readString(assembly);
    }

    private static List<String> openCl() {
        List<String> options =
                new ArrayList<>(List.of("-x", "cl", "-cl-std=CL1.2", "-fgnu-keywords", "--target=nvptx64-nvidia-cuda"));
        for (String option : List.of("-target-cpu", "sm_80", "-target-feature", "+ptx80", "-finclude-default-header")) {
            options.addAll(List.of("-Xclang", option));
        }
        return options;
    }

    /** A header of this test stands for what NVRTC knows by itself. */
    private static List<String> cuda(Path folder) throws IOException {
        Path words = folder.resolve("nvrtc_words.h");
        try (InputStream header = Clang.class.getResourceAsStream("nvrtc_words.h")) {
            Files.copy(header, words, REPLACE_EXISTING);
        }
        return List.of(
                "-x",
                "cuda",
                "--cuda-device-only",
                "--cuda-gpu-arch=sm_80",
                "-nocudainc",
                "-nocudalib",
                "-Wno-unknown-cuda-version",
                "-Xclang",
                "-target-feature",
                "-Xclang",
                "+ptx80",
                "-ffp-contract=off",
                "-include",
                words.toString());
    }

    private static boolean isThere() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, PROGRAM)));
    }
}
