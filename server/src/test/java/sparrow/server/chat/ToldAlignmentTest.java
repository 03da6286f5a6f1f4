package sparrow.server.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import sparrow.models.pool.PoolAlignment;
import sparrow.models.pool.PoolOptions;
import sparrow.server.Running;
import sparrow.server.Wire;

/** A reply that may depend on its neighbours says so. */
class ToldAlignmentTest {
    @Test
    void aCompletionTellsHowItWasAlignedWithOthers() throws IOException {
        PoolOptions pass = new PoolOptions(0, 8, 1L << 30, Duration.ofMillis(250), 1, PoolAlignment.PASS);
        try (Running running = new Running(Running.OPTIONS, pass);
                Wire wire = new Wire(running.server.address())) {
            Wire.Said said = wire.post("/v1/chat/completions", Wire.asking(1, "\"max_completion_tokens\":5"));

            assertThat(said.json().at("/sparrow/align").asText())
                    .as(said.text())
                    .isEqualTo("pass");
        }
    }
}
