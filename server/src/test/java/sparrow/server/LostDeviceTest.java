package sparrow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import sparrow.engine.transformer.DeviceChoice;

/** A server whose model's device is lost in the middle of a reply. */
class LostDeviceTest {
    private static final String LINE = "gpu: Fake 2 was lost: unplugged";

    @Test
    void theReplyBreaksOffAndTheServerSaysWhyItAnswersNoMore() throws IOException {
        String question = """
                {"model": "%s", "modalities": ["text"], "messages": [{"role": "user", "content": [
                  {"type": "input_audio", "input_audio": {"data": "%s", "format": "wav"}}]}]}""".formatted(
                        Running.MODEL, Base64.getEncoder().encodeToString(Files.readAllBytes(Running.example(1))));
        try (Running running = new Running(new DeviceChoice.Named("fake:2"));
                Wire wire = new Wire(running.server.address())) {
            assertThat(wire.get("/readyz").status()).isEqualTo(200);

            Wire.Said broken = wire.post("/v1/chat/completions", question);
            assertThat(broken.status()).isEqualTo(500);
            assertThat(broken.code()).isEqualTo("internal_error");

            for (Wire.Said later : new Wire.Said[] {
                wire.post("/v1/chat/completions", question), wire.get("/readyz"), wire.get("/healthz")
            }) {
                assertThat(later.status()).isEqualTo(503);
                assertThat(later.code()).isEqualTo("unavailable");
                assertThat(later.message()).isEqualTo(LINE);
            }
        }
    }
}
