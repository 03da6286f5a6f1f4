package sparrow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prometheus's own linter accepts the metrics of a server that has answered and refused. */
class PromtoolTest {
    @TempDir
    private Path folder;

    @Test
    void acceptsTheMetrics() throws Exception {
        Path promtool = Stream.of("/usr/bin/promtool", "/usr/local/bin/promtool")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        assumeTrue(promtool != null, "promtool (Debian's package prometheus) is not installed");
        String metrics;
        try (Running running = new Running();
                Wire wire = new Wire(running.server.address())) {
            assertThat(wire.post("/v1/chat/completions", Wire.chat("\"what is in cheese\"", ""))
                            .status())
                    .isEqualTo(200);
            assertThat(wire.get("/v1/models/none").status()).isEqualTo(404);
            metrics = wire.get("/metrics").text();
        }

        assertThat(check(promtool, metrics)).isEmpty();
        // The linter sees a defect.
        assertThat(check(promtool, metrics.replace("# HELP", "# TYPE"))).isNotEmpty();
    }

    /** Returns what the linter prints. */
    private String check(Path promtool, String metrics) throws IOException, InterruptedException {
        Path input = folder.resolve("metrics");
        Files.writeString(input, metrics, StandardCharsets.UTF_8);
        Process process = new ProcessBuilder(promtool.toString(), "check", "metrics")
                .redirectInput(input.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
