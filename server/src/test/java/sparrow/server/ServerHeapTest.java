package sparrow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import sparrow.server.message.HeapShare;
import sparrow.server.message.RefusalLog;

/** What monitors see of the heap, and what a closed server leaves. */
class ServerHeapTest {
    @Test
    void probesReportIt() throws IOException {
        try (Running running = new Running();
                Wire wire = new Wire(running.server.address())) {
            assertThat(wire.get("/healthz").status()).isEqualTo(200);
            RefusalLog.defect("a request failed", new IllegalStateException(new OutOfMemoryError("Java heap space")));

            for (String probe : new String[] {"/healthz", "/readyz"}) {
                assertThat(wire.get(probe).status()).isEqualTo(503);
                assertThat(wire.get(probe).message()).startsWith("out of memory");
            }
        } finally {
            HeapShare.begin();
        }
    }

    @Test
    void metricsContainEveryShare() throws IOException {
        try (Running running = new Running();
                Wire wire = new Wire(running.server.address())) {
            String metrics = wire.get("/metrics").text();

            for (HeapShare share : HeapShare.values()) {
                String name = "share=\"" + share.name().toLowerCase(Locale.ROOT) + "\",state=\"";
                assertThat(metrics).contains(name + "used\"}").containsPattern(name + "limit\"} [1-9]");
            }
        }
    }

    @Test
    void aClosedServerReleasesItsShares() throws IOException {
        long replies = HeapShare.REPLIES.used();
        long encoded = HeapShare.ENCODED.used();
        try (Running running = new Running();
                Wire wire = new Wire(running.server.address())) {
            String body = Wire.asking(
                    1,
                    "\"max_tokens\":20,\"modalities\":[\"text\",\"audio\"],\"audio\":{\"voice\":\"default\",\"format\":\"wav\"}");
            assertThat(wire.post("/v1/chat/completions", body).status()).isEqualTo(200);

            assertThat(HeapShare.REPLIES.used()).isGreaterThan(replies);
            assertThat(HeapShare.ENCODED.used()).isGreaterThan(encoded);
        }
        assertThat(HeapShare.REPLIES.used()).isEqualTo(replies);
        assertThat(HeapShare.ENCODED.used()).isEqualTo(encoded);
    }
}
