package sparrow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import sparrow.engine.device.DeviceInfo;
import sparrow.engine.device.DeviceInfo.Kind;
import sparrow.engine.device.DeviceStack;
import sparrow.engine.device.LostDeviceException;
import sparrow.engine.transformer.Transformer;

/** A server whose model's device is lost in the middle of a reply. */
class LostDeviceTest {
    private static final String LINE = "gpu: Fake 2 was lost: unplugged";

    @Test
    void theReplyBreaksOffAndTheServerSaysWhyItAnswersNoMore() throws IOException {
        String question = """
                {"model": "%s", "modalities": ["text"], "messages": [{"role": "user", "content": [
                  {"type": "input_audio", "input_audio": {"data": "%s", "format": "wav"}}]}]}""".formatted(
                        Running.MODEL, Base64.getEncoder().encodeToString(Files.readAllBytes(Running.example(1))));
        try (Running running = new Running(LostDeviceTest::fake);
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

    /** A device whose layers this machine's threads compute, and which is lost after some passes. */
    private static Optional<DeviceStack> fake(Transformer transformer) {
        DeviceInfo device =
                new DeviceInfo("fake:2", "Fake 2", "Fakes Inc.", Kind.OTHER, 1L << 40, 1L << 40, 1, "Host 3.0", "1.2");
        AtomicInteger passes = new AtomicInteger();
        return Optional.of((DeviceStack) Proxy.newProxyInstance(
                LostDeviceTest.class.getClassLoader(),
                new Class<?>[] {DeviceStack.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "decoding" -> self;
                    case "device" -> device;
                    case "describe" -> device.label();
                    case "run" -> {
                        if (passes.incrementAndGet() > 10) throw new LostDeviceException(device, "unplugged");
                        yield method.invoke(transformer.stack(), arguments);
                    }
                    default -> method.invoke(transformer.stack(), arguments);
                }));
    }
}
