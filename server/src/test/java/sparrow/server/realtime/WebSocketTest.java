package sparrow.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.openai.core.ObjectMappers;
import com.openai.models.realtime.clientsecrets.ClientSecretCreateResponse;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.server.Socketed;
import sparrow.server.Wire;
import sparrow.server.audio.Pcm16;
import sparrow.server.message.HeapShare;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.event.ClientEvent;
import sparrow.server.realtime.session.RealtimeOptions;
import sparrow.server.realtime.session.RealtimeOptions.OnInterrupt;
import sparrow.server.realtime.session.Talk;
import sparrow.server.realtime.session.TalkingModel;
import sparrow.server.vad.EnergyVad;

/** What happens on the wire, beside what the official client does. */
class WebSocketTest {
    /** 100,000 of them in the soak. */
    private static final int FUZZED = Integer.getInteger("sparrow.fuzz", 2_000);

    private static final String KEY = "openai-insecure-api-key.secret";

    private static TalkingModel model;
    private static TestServer server;

    @BeforeAll
    static void start() {
        model = new TalkingModel();
        server = server(4, TestServer.HALF_A_MINUTE);
    }

    private static TestServer server(int sessions, Duration patience) {
        return new TestServer(
                model.served(), TestServer.options(sessions, patience), key -> key.equals(Optional.of("secret")));
    }

    @AfterAll
    static void stop() {
        server.close();
        model.close();
    }

    private static PlainClient client() {
        return new PlainClient(server.port(), true, "realtime", KEY);
    }

    @Test
    void browsersSendTheirKeyAsASubprotocolAndAreAnsweredTheOther() {
        try (PlainClient client = client()) {
            assertThat(client.socket().getSubprotocol()).isEqualTo("realtime");
            assertThat(client.await("session.created")).contains("\"model\":\"sparrow\"");
        }
        assertThatThrownBy(() -> new PlainClient(server.port(), true, "realtime", KEY + "x"))
                .hasMessageContaining("WebSocketHandshakeException");
    }

    @Test
    void binaryFramesEndTheSession() {
        try (PlainClient client = client()) {
            client.await("session.created");
            client.sendBinary(new byte[10]);

            assertThat(client.closeCode()).isEqualTo(1003);
        }
    }

    @Test
    void aFrameThatIsTooLongEndsTheSession() {
        try (PlainClient client = client()) {
            client.await("session.created");
            client.send("x".repeat(ClientEvent.MAX_BYTES + 1));

            assertThat(client.closeCode()).isEqualTo(1009);
        }
    }

    @ParameterizedTest
    @CsvSource({"{}, 65536 brackets", "[[]], 65536 brackets", "1, 65536 brackets"})
    void aFrameThatWouldTakeManyTimesItsLengthIsRefused(String element, String why) {
        try (PlainClient client = client()) {
            client.await("session.created");
            client.send("{\"type\":[" + (element + ",").repeat(200_000) + "0]}");

            assertThat(client.await("error")).contains("invalid_json", why);
        }
    }

    /** Jackson would take it for UTF-32. */
    @Test
    void aFrameOfZerosIsRefused() {
        try (PlainClient client = client()) {
            client.await("session.created");
            client.send("\0\0\0S}");

            assertThat(client.await("error")).contains("invalid_json");
        }
    }

    /** A compressed frame of 20 KB could become one of 20 MB. */
    @ParameterizedTest
    @ValueSource(strings = {"/v1/realtime", "/twilio"})
    void compressionIsNotNegotiated(String path) throws IOException {
        String handshake =
                "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Authorization: Bearer secret\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                        + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n";
        try (Socketed client = new Socketed(new Socket("127.0.0.1", server.port()))) {
            String answer = client.send(handshake.getBytes(StandardCharsets.US_ASCII))
                    .readUntil("\r\n\r\n")
                    .toLowerCase(Locale.ROOT);

            assertThat(answer).contains(" 101 ").doesNotContain("sec-websocket-extensions");
        }
    }

    @Test
    void tooManyErrorsEndTheSession() {
        try (PlainClient client = client()) {
            for (int i = 0; i < 21; i++) client.send("nonsense");

            assertThat(client.closeCode()).isEqualTo(1008);
        }
    }

    @Tag("full")
    @Test
    void aPlaceIsFreeSoonAfterAGoodbyeThatIsNotAnswered() throws IOException {
        RealtimeOptions brief = new RealtimeOptions(
                1, Duration.ofSeconds(1), TestServer.HALF_A_MINUTE, OnInterrupt.KEEP, EnergyVad::new);
        try (TestServer other = new TestServer(model.served(), brief, _ -> true);
                Socket _ = dead(other)) {
            Wire.until(() -> other.sessions().count() == 1);

            // A connection may be idle for a minute.
            Wire.until(Duration.ofSeconds(40), () -> other.sessions().count() == 0);
        }
    }

    @Test
    void aServerThatShutsDownSaysSo() {
        TestServer other = server(1, TestServer.HALF_A_MINUTE);
        try (PlainClient client = new PlainClient(other.port(), true, "realtime", KEY)) {
            client.await("session.created");
            other.close();

            assertThat(client.closeCode()).isEqualTo(1001);
        }
    }

    /** The answer to a handshake, which is no WebSocket. */
    private static HttpResponse<?> refused(TestServer by, String key) {
        return refused(by, key, "");
    }

    private static HttpResponse<?> refused(TestServer by, String key, String query) {
        URI address = URI.create("ws://127.0.0.1:" + by.port() + "/v1/realtime" + query);
        try (PlainClient client = new PlainClient(address, true, "realtime", key)) {
            throw new AssertionError("there is a session: " + client);
        } catch (CompletionException e) {
            assertThat(e).hasCauseInstanceOf(WebSocketHandshakeException.class);
            return ((WebSocketHandshakeException) e.getCause()).getResponse();
        }
    }

    @Test
    void aServerThatShutsDownLetsResponsesEnd() {
        try (TestServer other = server(2, TestServer.HALF_A_MINUTE);
                PlainClient client = new PlainClient(other.port(), true, "realtime", KEY)) {
            client.send("""
                    {"type":"conversation.item.create","item":{"type":"message","role":"user","content":[
                    {"type":"input_text","text":"What is the capital of France?"}]}}""");
            client.send("{\"type\":\"response.create\"}");
            client.await("response.output_item.added");

            other.sessions().finish(Duration.ofSeconds(60));

            assertThat(client.await("response.done")).contains("\"status\":\"completed\"");
            assertThat(client.closeCode()).isEqualTo(1001);
            assertThatThrownBy(() -> new PlainClient(other.port(), true, "realtime", KEY))
                    .hasMessageContaining("WebSocketHandshakeException");
        }
    }

    @Test
    void tooManySessionsAreRefusedBeforeTheyAreOpen() {
        try (TestServer small = server(1, TestServer.HALF_A_MINUTE);
                PlainClient first = new PlainClient(small.port(), true, "realtime", KEY)) {
            first.await("session.created");

            HttpResponse<?> refused = refused(small, KEY);

            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValueAsLong("retry-after").orElseThrow())
                    .isBetween(1L, 3L);
            assertThat(refused.headers().firstValueAsLong("retry-after-ms").orElseThrow())
                    .isBetween(1000L, 3000L);
            assertThat(refused.headers().firstValue("x-should-retry")).isEmpty();
        }
    }

    @Test
    void anIntentToTranscribeOpensATranscriptionSession() {
        URI address = URI.create("ws://127.0.0.1:" + server.port() + "/v1/realtime?intent=transcription");
        try (PlainClient client = new PlainClient(address, true, "realtime", KEY)) {
            assertThat(client.await("session.created")).contains("\"type\":\"transcription\"");
        }
    }

    @Test
    void aSecondConnectionOfACallIsRefused() {
        HttpResponse<?> refused = refused(server, KEY, "?call_id=rtc_1");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.headers().firstValue("x-should-retry")).hasValue("false");
    }

    @Test
    void whoeverHasNoKeyNeedNotComeAgain() {
        HttpResponse<?> refused = refused(server, KEY + "x");

        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("x-should-retry")).hasValue("false");
        assertThat(refused.headers().firstValue("www-authenticate")).hasValue("Bearer");
        assertThat(refused.headers().firstValue("retry-after")).isEmpty();
    }

    @Test
    void aServerThatEndsTakesNoSessionsAndSaysWhy() {
        try (TestServer ending = server(1, TestServer.HALF_A_MINUTE)) {
            ending.sessions().close();

            HttpResponse<?> refused = refused(ending, KEY);

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValueAsLong("retry-after").orElseThrow())
                    .isBetween(5L, 15L);
        }
    }

    @Test
    void aClientThatGoesAwayFreesItsReplyItsSlotAndItsSession() {
        Wire.until(() -> server.sessions().count() == 0);
        int slots = model.pool().status().slots();
        try (PlainClient client = client()) {
            client.await("session.created");
            client.send("""
                    {"type":"conversation.item.create","item":{"type":"message","role":"user","content":[
                    {"type":"input_text","text":"What is the capital of France?"}]}}""");
            client.send("{\"type\":\"response.create\"}");
            client.await("response.output_item.added");
            assertThat(server.sessions().count()).isEqualTo(1);
        }

        Wire.until(() -> server.sessions().count() == 0);
        Wire.until(() ->
                model.pool().status().active() == 0 && model.pool().status().slots() <= slots + 1);
    }

    @Test
    void aClientThatDoesNotReadIsLeftAfterAWhile() {
        byte[] sound = new byte[48_000 * 20];
        new Random(1).nextBytes(sound);
        String audio = Base64.getEncoder().encodeToString(sound);
        try (TestServer impatient = server(1, Duration.ofSeconds(1));
                PlainClient stalled = new PlainClient(impatient.port(), false, "realtime", KEY)) {
            Wire.until(() -> impatient.sessions().count() == 1);
            stalled.send("""
                    {"type":"conversation.item.create","item":{"id":"loud","type":"message","role":"user","content":[
                    {"type":"input_audio","audio":"%s"}]}}""".formatted(audio));
            // More than the buffers of both sides hold.
            try {
                for (int i = 0; i < 20; i++) {
                    stalled.send("{\"type\":\"conversation.item.retrieve\",\"item_id\":\"loud\"}");
                }
            } catch (CompletionException e) {
                // It was left before it had asked for all of it.
            }

            Wire.until(() -> impatient.sessions().count() == 0);
        }
    }

    /** A client with a session that answers nothing. */
    private static Socket dead(TestServer server) throws IOException {
        Socket dead = new Socket("127.0.0.1", server.port());
        dead.getOutputStream().write("""
                GET /v1/realtime HTTP/1.1\r
                Host: localhost\r
                Connection: upgrade\r
                Upgrade: websocket\r
                Authorization: Bearer secret\r
                Sec-WebSocket-Version: 13\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                \r
                """.getBytes(StandardCharsets.US_ASCII));
        return dead;
    }

    @Tag("full")
    @Test
    void aClientThatAnswersNoPingIsLeftAndOneThatDoesStays() throws IOException {
        // Ten seconds in which nothing comes: no answer to a ping is as late, however busy the machine is.
        try (TestServer impatient = server(2, Duration.ofSeconds(5));
                PlainClient quiet = new PlainClient(impatient.port(), true, "realtime", KEY);
                Socket _ = dead(impatient)) {
            quiet.await("session.created");
            Wire.until(() -> impatient.sessions().count() == 2);

            Wire.until(() -> impatient.sessions().count() == 1);

            quiet.send("{\"type\":\"input_audio_buffer.clear\"}");
            quiet.await("input_audio_buffer.cleared");
        }
    }

    @Test
    void aClientSecretOpensSessionsWithItsSettings() throws Exception {
        var body = JsonNodeFactory.instance.objectNode();
        body.putObject("expires_after").put("anchor", "created_at").put("seconds", 60);
        body.putObject("session").put("type", "realtime").put("instructions", "Be brief.");

        JsonNode answer = Json.tree(server.sessions().secrets().create(body));

        ObjectMappers.jsonMapper()
                .readValue(answer.toString(), ClientSecretCreateResponse.class)
                .validate();
        assertThat(answer.at("/sparrow/caution").asText())
                .startsWith("session.instructions: sparrow was not trained to");
        String id = answer.at("/session/id").asText();
        String secret = answer.get("value").asText();
        assertThat(secret).startsWith("ek_");
        try (PlainClient client =
                new PlainClient(server.port(), true, "realtime", "openai-insecure-api-key." + secret)) {
            assertThat(client.await("session.created"))
                    .contains("\"instructions\":\"Be brief.\"")
                    .contains("\"id\":\"" + id + "\"");
        }
        // Names are not given twice.
        try (PlainClient client =
                new PlainClient(server.port(), true, "realtime", "openai-insecure-api-key." + secret)) {
            assertThat(client.await("session.created"))
                    .contains("\"instructions\":\"Be brief.\"")
                    .doesNotContain(id);
        }
    }

    @Test
    void aClientSecretIsOfThisModel() {
        var body = JsonNodeFactory.instance.objectNode();
        body.putObject("session").put("type", "realtime").put("model", "gpt-4o");

        assertThatThrownBy(() -> server.sessions().secrets().create(body))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.param()).hasValue("session.model"))
                .hasMessage("session.model: expected sparrow, got gpt-4o");
        body.withObject("session").put("model", "gpt-realtime");
        assertThat(Json.text(server.sessions().secrets().create(body)))
                .contains("\"sparrow\":{\"caution\":\"session.model: sparrow answers, not ");
        body.withObject("session").put("model", "sparrow");
        assertThat(Json.text(server.sessions().secrets().create(body)))
                .contains("\"value\":\"ek_")
                .doesNotContain("caution");
    }

    @Test
    void theSettingsOfClientSecretsAreBounded() {
        long before = HeapShare.SECRETS.used();
        try (TestServer other = server(1, TestServer.HALF_A_MINUTE)) {
            var body = JsonNodeFactory.instance.objectNode();
            body.putObject("session").put("type", "realtime").put("instructions", "x".repeat(1 << 16));
            long fitting = (HeapShare.SECRETS.limit() - before) / ((1 << 17) + 1024);
            for (int i = 0; i < fitting; i++) other.sessions().secrets().create(body);

            assertThatThrownBy(() -> other.sessions().secrets().create(body))
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            refused -> assertThat(refused.code()).isEqualTo("rate_limit_exceeded"));
        }
        assertThat(HeapShare.SECRETS.used()).isEqualTo(before);
    }

    @Test
    void damagedFramesNeverBreakASession() {
        Random random = new Random(7);
        String sound = Base64.getEncoder().encodeToString(Pcm16.encode(new float[4800]));
        String[] frames = {
            "{\"type\":\"session.update\",\"session\":{\"type\":\"realtime\",\"audio\":{\"input\":{\"turn_detection\":null}}}}",
            "{\"type\":\"input_audio_buffer.append\",\"audio\":\"" + sound.substring(0, 400) + "\"}",
            "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\",\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"a\"}]}}",
            "{\"type\":\"conversation.item.truncate\",\"item_id\":\"item_1\",\"content_index\":0,\"audio_end_ms\":5}",
            "{\"type\":\"response.create\",\"response\":{\"output_modalities\":[\"text\"],\"metadata\":{\"a\":\"b\"}}}",
            "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
        };
        for (int i = 0; i < FUZZED; i++) {
            byte[] bytes = frames[random.nextInt(frames.length)].getBytes(StandardCharsets.UTF_8);
            for (int k = 1 + random.nextInt(3); k > 0; k--)
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            String frame = new String(bytes, StandardCharsets.UTF_8);
            Talk talk = i % 100 == 0 || damaged == null ? damaged = new Talk() : damaged;
            talk.send(frame.substring(0, random.nextInt(10) == 0 ? random.nextInt(frame.length()) : frame.length()));
            talk.model.askings.stream()
                    .filter(asking -> !asking.isOver())
                    .forEach(asking -> asking.begin().end());
        }
        try (PlainClient client = client()) {
            client.await("session.created");
            for (int i = 0; i < 15; i++) {
                byte[] bytes = frames[i % frames.length].getBytes(StandardCharsets.UTF_8);
                bytes[random.nextInt(bytes.length)] = '{';
                client.send(new String(bytes, StandardCharsets.UTF_8));
            }
            client.send("{\"type\":\"input_audio_buffer.clear\"}");
            client.await("input_audio_buffer.cleared");
        }
    }

    private Talk damaged;
}
