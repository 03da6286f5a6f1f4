package sparrow.study.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OpenAiServiceTest {
    private static final String SECRET = "sk-do-not-show-4711";
    private static final String MODEL = "{\"id\": \"m\", \"object\": \"model\", \"created\": 1, \"owned_by\": \"me\"}";

    private final List<Duration> waits = new ArrayList<>();

    @Test
    void sendsTheKeyAndReadsTheAnswer() throws IOException {
        try (StubServer server = new StubServer(StubServer.ok(MODEL));
                OpenAiService service = service(server)) {
            assertThat(owner(service)).isEqualTo("me");

            assertThat(server.requests()).singleElement().satisfies(request -> {
                assertThat(request.path()).isEqualTo("/v1/models/m");
                assertThat(request.headers().getFirst("Authorization")).isEqualTo("Bearer " + SECRET);
                assertThat(request.headers().getFirst("Content-Type")).isEqualTo("application/json");
                assertThat(request.body()).isEqualTo("{\"question\":\"whose?\"}");
            });
        }
    }

    /** Longer than any wait that is not asked for. */
    @Test
    void waitsAsLongAsA429AsksFor() throws IOException {
        StubServer.Answer busy = StubServer.refusal(429, "slow down", Map.of("Retry-After", "37"));
        try (StubServer server = new StubServer(busy, StubServer.ok(MODEL));
                OpenAiService service = service(server)) {
            assertThat(owner(service)).isEqualTo("me");

            assertThat(waits).containsExactly(Duration.ofSeconds(37));
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void waitsUntilTheDateThatA503Names() throws IOException {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plusMinutes(5));
        StubServer.Answer busy = StubServer.refusal(503, "restarting", Map.of("Retry-After", date));
        try (StubServer server = new StubServer(busy, StubServer.ok(MODEL));
                OpenAiService service = service(server)) {
            assertThat(owner(service)).isEqualTo("me");

            assertThat(waits)
                    .singleElement()
                    .satisfies(wait -> assertThat(wait).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5)));
        }
    }

    @Test
    void waitsLongerAndLongerWhereNothingIsAskedFor() throws IOException {
        try (StubServer server = new StubServer(StubServer.refusal(500, "oops"));
                OpenAiService service = service(server)) {
            assertThatIOException()
                    .isThrownBy(() -> owner(service))
                    .withMessageMatching("http://localhost:\\d+/v1: rejected with HTTP 500: .*oops.*");

            assertThat(waits).containsExactly(Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2));
            assertThat(server.requests()).hasSize(4);
        }
    }

    @Test
    void givesUpAtOnceWhereWaitingWouldLookLikeAHang() throws IOException {
        StubServer.Answer spent = StubServer.refusal(429, "quota spent", Map.of("Retry-After", "86400"));
        try (StubServer server = new StubServer(spent);
                OpenAiService service = service(server)) {
            assertThatIOException().isThrownBy(() -> owner(service)).withMessageContaining("quota spent");

            assertThat(waits).isEmpty();
        }
    }

    @Test
    void doesNotRepeatWhatIsWrongInItself() throws IOException {
        try (StubServer server = new StubServer(StubServer.refusal(400, "no such thing"));
                OpenAiService service = service(server)) {
            assertThatIOException().isThrownBy(() -> owner(service)).withMessageContaining("HTTP 400");

            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void hidesTheKeyThatAnAnswerQuotes() throws IOException {
        try (StubServer server = new StubServer(StubServer.refusal(401, "wrong key " + SECRET));
                OpenAiService service = service(server)) {
            assertThatIOException()
                    .isThrownBy(() -> owner(service))
                    .withMessageContaining("HTTP 401")
                    .withMessageContaining("wrong key ...")
                    .satisfies(e -> assertThat(e).hasNoCause().message().doesNotContain(SECRET));
        }
    }

    @Test
    void saysThatNoAnswerCameInTime() throws IOException {
        try (StubServer server = new StubServer(StubServer.never());
                OpenAiService service = service(server, new Endpoint(server.baseUrl(), Duration.ofMillis(250), 1))) {
            assertThatIOException()
                    .isThrownBy(() -> owner(service))
                    .withMessageEndingWith("/v1: did not answer within 0.25 s");

            // The second request may be given up before the server has read it.
            assertThat(waits).containsExactly(Duration.ofMillis(500));
        }
    }

    @Test
    void saysThatAnAnswerDidNotEndInTime() throws IOException {
        try (StubServer server = new StubServer(StubServer.stalls("{\"id\": "));
                OpenAiService service = service(server, new Endpoint(server.baseUrl(), Duration.ofMillis(250), 0))) {
            assertThatIOException()
                    .isThrownBy(() -> owner(service))
                    .withMessageEndingWith("/v1: did not answer within 0.25 s");
        }
    }

    @Test
    void interruptionIsNotedAtOnce() throws IOException {
        try (StubServer server = new StubServer(StubServer.never());
                OpenAiService service = service(server)) {
            Thread.currentThread().interrupt();

            assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(() -> owner(service));
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    /** Wherever it leads, the key does not follow. */
    @Test
    void doesNotFollowARedirection() throws IOException {
        try (StubServer other = new StubServer(StubServer.ok(MODEL));
                StubServer server = new StubServer(
                        StubServer.refusal(307, "moved", Map.of("Location", other.baseUrl() + "/models/m")));
                OpenAiService service = service(server)) {
            assertThatIOException().isThrownBy(() -> owner(service)).withMessageContaining("HTTP 307");

            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void saysThatAnAnswerIsNotJson() throws IOException {
        try (StubServer server = new StubServer(StubServer.ok("{\"id\": \"m\", "));
                OpenAiService service = service(server)) {
            assertThatIOException()
                    .isThrownBy(() -> owner(service))
                    .withMessageContaining("answer violates the protocol")
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
        }
    }

    @Test
    void saysThatAnAnswerLacksWhatIsRead() throws IOException {
        try (StubServer server = new StubServer(StubServer.ok("{\"id\": \"m\"}"));
                OpenAiService service = service(server)) {
            assertThatIOException()
                    .isThrownBy(() -> owner(service))
                    .withMessageContaining("answer violates the protocol")
                    .withMessageContaining("owned_by");
        }
    }

    @Test
    void saysThatNobodyListens() throws IOException {
        try (Socket taken = new Socket()) {
            // No other process can listen there, and this one does not.
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            URI nobody = URI.create("http://localhost:" + taken.getLocalPort() + "/v1");
            Endpoint endpoint = new Endpoint(nobody, Duration.ofSeconds(60), 0);
            try (OpenAiService service = new OpenAiService(endpoint, key(endpoint), waits::add)) {
                assertThatIOException()
                        .isThrownBy(() -> owner(service))
                        .withMessageStartingWith(nobody + ": cannot be reached");
            }
        }
    }

    private static String owner(OpenAiService service) throws IOException {
        byte[] question = "{\"question\":\"whose?\"}".getBytes(StandardCharsets.UTF_8);
        return service.post("models/m", "application/json", question, OpenAiServiceTest::owner);
    }

    private static String owner(JsonNode answer) {
        if (answer.has("owned_by")) return answer.get("owned_by").textValue();
        throw new IllegalArgumentException("owned_by: expected a string, found nothing");
    }

    private OpenAiService service(StubServer server) {
        return service(server, new Endpoint(server.baseUrl(), Duration.ofSeconds(60), 3));
    }

    private OpenAiService service(StubServer server, Endpoint endpoint) {
        return new OpenAiService(endpoint, key(endpoint), waits::add);
    }

    private static ApiKey key(Endpoint endpoint) {
        return ApiKey.from(Map.of(ApiKey.VARIABLE, SECRET), endpoint);
    }
}
