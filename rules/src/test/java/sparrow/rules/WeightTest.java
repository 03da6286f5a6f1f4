package sparrow.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How heavy {@code sparrow ask} is; needs the jars that {@code package} copies together, and is skipped without. */
class WeightTest {
    private static final Path TARGET = Repository.ROOT.resolve("app/target");
    private static final long MIB = 1 << 20;

    private final List<Path> jars = new ArrayList<>();

    @BeforeEach
    void classPathOfTheInstrument() throws IOException {
        assumeThat(TARGET.resolve("lib")).isDirectory();
        jars.add(TARGET.resolve("sparrow.jar"));
        try (Stream<Path> libraries = Files.list(TARGET.resolve("lib"))) {
            libraries.forEach(jars::add);
        }
    }

    @Test
    void instrumentIsBelow12MiBBesideTheModel() throws IOException {
        long bytes = 0;
        for (Path jar : jars) {
            if (!jar.getFileName().toString().startsWith("sparrow-bundled-")) bytes += Files.size(jar);
        }

        assertThat(bytes).isBetween(MIB, 12 * MIB);
    }

    @Test
    void instrumentBringsNothingOfTheLaboratory() {
        assertThat(jars)
                .extracting(jar -> jar.getFileName().toString())
                .anyMatch(name -> name.startsWith("sparrow-bundled-"))
                .noneMatch(
                        name -> name.matches(
                                "(sparrow-study|sparrow-train|sparrow-cluster|sparrow-bench|sparrow-onnx|spark|scala|sparrow-onednn|sparrow-webrtc|bcprov|sparrow-gpu|dnnl|opencl|onnxruntime|sphinx4|openai|whisper|snappy|hardwood|kotlin).*"))
                .hasSizeLessThanOrEqualTo(36);
    }
}
