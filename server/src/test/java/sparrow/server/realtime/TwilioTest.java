package sparrow.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.URI;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.server.audio.RealtimeFormat;
import sparrow.server.message.Json;
import sparrow.server.realtime.session.TalkingModel;
import sparrow.speech.wave.Waveform;

/** Calls of Twilio over a WebSocket, answered by the bundled model. */
class TwilioTest {
    static final String CONNECTED = "{\"event\":\"connected\",\"protocol\":\"Call\",\"version\":\"1.0.0\"}";
    private static final int FRAME = 160;

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

    private static PlainClient twilio(TestServer at) {
        return new PlainClient(URI.create("ws://127.0.0.1:" + at.port() + "/twilio"), true);
    }

    static PlainClient call(TestServer at, String key) {
        PlainClient twilio = twilio(at);
        twilio.send(CONNECTED);
        twilio.send(started(key));
        return twilio;
    }

    static String started(String key) {
        return """
                {"event":"start","sequenceNumber":"1","start":{"accountSid":"AC1","streamSid":"MZ1","callSid":"CA1",
                "tracks":["inbound"],"mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1},
                "customParameters":{"caller":"Jane","key":"%s"}},"streamSid":"MZ1"}""".formatted(key);
    }

    static String media(byte[] codes) {
        String payload = Base64.getEncoder().encodeToString(codes);
        return "{\"event\":\"media\",\"streamSid\":\"MZ1\",\"media\":{\"track\":\"inbound\",\"payload\":\"" + payload
                + "\"}}";
    }

    static void say(PlainClient twilio, Waveform said) {
        for (byte[] frame : frames(said)) twilio.send(media(frame));
    }

    /** A recording and silence after it in µ-law, in frames of 20 ms. */
    static List<byte[]> frames(Waveform said) {
        float[] samples = Arrays.copyOf(said.samples(), said.samples().length + said.sampleRateHz() * 8 / 10);
        byte[] codes = RealtimeFormat.PCMU.encoder(said.sampleRateHz()).accept(samples);
        List<byte[]> frames = new ArrayList<>();
        for (int at = 0; at < codes.length; at += FRAME) {
            frames.add(Arrays.copyOfRange(codes, at, Math.min(codes.length, at + FRAME)));
        }
        return frames;
    }

    /** The name of the next mark, sent back at once. */
    private static String play(PlainClient twilio) {
        String name = Json.object(twilio.await("\"mark\"")).at("/mark/name").asText();
        twilio.send("{\"event\":\"mark\",\"streamSid\":\"MZ1\",\"mark\":{\"name\":\"" + name + "\"}}");
        return name.replaceFirst("-.*", "");
    }

    @Tag("full")
    @Test
    void aCallerAsksIsAnsweredInterruptsAndIsAnsweredAgain() throws IOException {
        try (PlainClient twilio = call(server, "secret")) {
            say(twilio, TalkingModel.question(1));
            assertThat(twilio.await("\"media\"")).startsWith("{\"event\":\"media\",\"streamSid\":\"MZ1\"");
            String first = play(twilio);
            assertThat(play(twilio)).isEqualTo(first);

            say(twilio, TalkingModel.question(2));

            assertThat(twilio.await("\"clear\"")).isEqualTo("{\"event\":\"clear\",\"streamSid\":\"MZ1\"}");
            assertThat(play(twilio)).isNotEqualTo(first);
            assertThat(server.metrics()).containsPattern("sparrow_truncations_total\\{[^}]*} 1");
            twilio.send("{\"event\":\"stop\",\"streamSid\":\"MZ1\",\"stop\":{\"callSid\":\"CA1\"}}");
            assertThat(twilio.closeCode()).isEqualTo(1000);
        }
    }

    @Test
    void aDrainWaitsForTheLastMark() throws Exception {
        try (TestServer draining = server(1, TestServer.HALF_A_MINUTE);
                PlainClient twilio = call(draining, "secret")) {
            say(twilio, TalkingModel.question(1));
            twilio.await("\"mark\"");

            CompletableFuture<Void> drained =
                    CompletableFuture.runAsync(() -> draining.sessions().finish(TestServer.HALF_A_MINUTE));

            // The reply is generated faster than it is played.
            assertThatThrownBy(() -> drained.get(2, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
            Thread.startVirtualThread(() -> {
                while (true) play(twilio);
            });
            assertThat(twilio.closeCode()).isEqualTo(1001);
            drained.join();
        }
    }

    @Test
    void aClientSecretOpensACallAsWell() {
        var body = JsonNodeFactory.instance.objectNode();
        body.putObject("session").put("type", "realtime").put("instructions", "Be brief.");
        String secret = server.sessions().secrets().create(body).value();
        try (PlainClient twilio = call(server, secret)) {
            say(twilio, TalkingModel.question(3));

            twilio.await("\"media\"");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nonsense                                        | body: expected a JSON object, found at line 1
            {"event":"start","streamSid":"MZ1"}             | start: expected, but missing
            {"event":"connected","protocol":"Mail"}         | protocol: expected Call, got "Mail"
            {"event":"stop","streamSid":"MZ1"}              | event: expected connected first
            """)
    void aConnectionThatBeginsOtherwiseIsRefused(String frame, String reason) {
        try (PlainClient twilio = twilio(server)) {
            twilio.send(frame);

            assertThat(twilio.closeCode()).isEqualTo(1008);
            assertThat(twilio.closeReason()).startsWith(reason);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "key":"secret"        | "key":"other"               | start.customParameters.key: expected the key of this server
            "key":"secret"        | "none":""                   | start.customParameters.key: expected the key of this server
            audio/x-mulaw         | audio/x-l16                 | start.mediaFormat.encoding: expected audio/x-mulaw, got "audio/x-l16"
            8000                  | 16000                       | start.mediaFormat.sampleRate: expected 8000, got 16000
            ["inbound"]           | ["inbound","outbound"]      | start.tracks: expected ["inbound"]
            "event":"start"       | "event":"connected"         | protocol: expected, but missing
            """)
    void aCallWithoutTheKeyOrOfAnotherFormIsRefused(String from, String to, String reason) {
        try (PlainClient twilio = twilio(server)) {
            twilio.send(CONNECTED);
            twilio.send(started("secret").replace(from, to));

            assertThat(twilio.closeCode()).isEqualTo(1008);
            assertThat(twilio.closeReason()).startsWith(reason);
        }
    }

    @Test
    void aSecondStreamEndsTheCall() {
        try (PlainClient twilio = call(server, "secret")) {
            twilio.send(started("secret"));

            assertThat(twilio.closeCode()).isEqualTo(1008);
            assertThat(twilio.closeReason()).isEqualTo("event: expected media, mark, dtmf or stop after start");
        }
    }

    @Test
    void aMessageThatIsTooLongEndsTheCall() {
        try (PlainClient twilio = call(server, "secret")) {
            twilio.send(media(new byte[1 << 16]));

            assertThat(twilio.closeCode()).isEqualTo(1009);
        }
    }

    @Test
    void aConnectionWithoutACallIsClosedAfterAWhile() {
        try (TestServer impatient = server(1, Duration.ofSeconds(1));
                PlainClient twilio = twilio(impatient)) {
            assertThat(twilio.closeCode()).isEqualTo(1008);
            assertThat(twilio.closeReason()).isEqualTo("event: expected start within 1 s");
        }
    }

    @Test
    void aServerThatClosesRefusesTheHandshake() {
        try (TestServer closing = server(1, TestServer.HALF_A_MINUTE)) {
            closing.sessions().close();

            assertRefused(closing, 503);
        }
    }

    private static void assertRefused(TestServer server, int status) {
        assertThatThrownBy(() -> twilio(server))
                .cause()
                .asInstanceOf(type(WebSocketHandshakeException.class))
                .extracting(WebSocketHandshakeException::getResponse)
                .satisfies(answer -> {
                    assertThat(answer.statusCode()).isEqualTo(status);
                    assertThat(answer.headers().firstValue("retry-after")).isPresent();
                });
    }

    @Test
    void callsCountAmongTheSessions() {
        try (TestServer small = server(1, TestServer.HALF_A_MINUTE);
                PlainClient session = new PlainClient(small.port(), true, "openai-insecure-api-key.secret")) {
            session.await("session.created");

            assertRefused(small, 429);
        }
    }
}
