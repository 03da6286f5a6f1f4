package sparrow.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.models.pool.PoolOptions;
import sparrow.server.Running;
import sparrow.server.ServerOptions;
import sparrow.server.Wire;
import sparrow.server.audio.Pcm16;
import sparrow.server.call.CallPort;
import sparrow.server.message.RefusedException;
import sparrow.speech.wave.WavFile;

/** Calls without WebRTC: the test is the port and its clients. */
class RealtimeCallsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CALLS = "/v1/realtime/calls";
    private static final byte[] OFFER = "v=0\r\n".getBytes(StandardCharsets.UTF_8);

    private static final String LIVE_SESSION = "{\"model\":\"gpt-live-1\"}";
    private static final String LIVE_OFFER = "{\"type\":\"webrtc\",\"sdp\":\"v=0\"}";

    private static final Port PORT = new Port();
    private static Running running;
    private static Wire wire;

    private final Port port = PORT;
    private final List<CallPort.Caller> begun = new ArrayList<>();

    private static final class Port implements CallPort {
        private final BlockingQueue<Caller> callers = new LinkedBlockingQueue<>();
        private final CompletableFuture<Void> closed = new CompletableFuture<>();

        CallPort open(InetAddress address, int number, Optional<InetAddress> announced) {
            assertThat(announced).isEmpty();
            assertThat(address.isLoopbackAddress()).isTrue();
            return this;
        }

        @Override
        public int port() {
            return 4711;
        }

        @Override
        public String answer(String offer, Caller caller) {
            if (!offer.startsWith("v=0")) throw RefusedException.value("sdp", "sdp: expected v=0");
            callers.add(caller);
            return "v=0\r\ns=answer\r\n";
        }

        @Override
        public void close() {
            closed.complete(null);
        }
    }

    /** The client of a call. */
    private static class Client implements CallPort.Line {
        private final BlockingQueue<JsonNode> events = new LinkedBlockingQueue<>();
        private final CompletableFuture<Void> hungUp = new CompletableFuture<>();
        private final CallPort.Caller caller;
        private final int maxBytes;

        Client(CallPort.Caller caller, int maxBytes) {
            this.caller = caller;
            this.maxBytes = maxBytes;
            caller.opened(this);
        }

        @Override
        public int maxMessageBytes() {
            return maxBytes;
        }

        @Override
        public void send(String text) throws IOException {
            events.add(JSON.readTree(text));
        }

        @Override
        public long received() {
            return 1;
        }

        @Override
        public Duration delay() {
            return Duration.ofMillis(60);
        }

        @Override
        public void hangUp() {
            hungUp.complete(null);
            caller.closed("hung up");
        }

        /** Returns the next event of a type, and keeps the types of those before it. */
        JsonNode await(String type, List<String> before) throws InterruptedException {
            while (true) {
                JsonNode event = events.poll(5, TimeUnit.MINUTES);
                assertThat(event).as("after %s", before).isNotNull();
                String found = event.get("type").asText();
                if (found.equals(type)) return event;
                before.add(found);
            }
        }

        JsonNode await(String type) throws InterruptedException {
            return await(type, new ArrayList<>());
        }

        void say(int question) throws IOException {
            hear(Pcm16.encode(WavFile.read(Running.example(question)).at(24_000).samples()));
            hear(new byte[48_000 * 3 / 2]);
        }

        private void hear(byte[] pcm) {
            for (int at = 0; at < pcm.length; at += 960) {
                caller.heard(Arrays.copyOfRange(pcm, at, Math.min(pcm.length, at + 960)));
            }
        }

        /** Takes frames until one is silent. */
        int play() {
            short[] frame = new short[CallPort.FRAME];
            for (int count = 0; ; count++) {
                Arrays.fill(frame, Short.MIN_VALUE);
                caller.fill(frame);
                if (frame[0] == Short.MIN_VALUE) return count;
            }
        }
    }

    @BeforeAll
    static void start() throws IOException {
        running = new Running(Running.OPTIONS.withMaxSessions(2).withCalls(PORT::open, 0), PoolOptions.DEFAULT);
        wire = new Wire(running.server.address());
    }

    @AfterAll
    static void stop() {
        wire.close();
        running.close();
    }

    @AfterEach
    void hangUp() {
        begun.forEach(caller -> caller.closed("the test is over"));
        port.callers.forEach(caller -> caller.closed("the test is over"));
        port.callers.clear();
    }

    private Client answered(int maxBytes) throws InterruptedException {
        CallPort.Caller caller = port.callers.poll(5, TimeUnit.MINUTES);
        begun.add(caller);
        return new Client(caller, maxBytes);
    }

    private Wire.Said call(byte[] offer, String... headers) {
        return call(wire, offer, headers);
    }

    private static Wire.Said call(Wire wire, byte[] offer, String... headers) {
        List<String> all = new ArrayList<>(List.of(headers));
        if (!all.contains("content-type")) all.addAll(List.of("content-type", "application/sdp"));
        return wire.send("POST", CALLS, offer, all.toArray(String[]::new));
    }

    private Client client() throws InterruptedException {
        assertThat(call(OFFER).status()).isEqualTo(201);
        return answered(1 << 18);
    }

    @Test
    void anOfferIsAnsweredWithTheAddressOfTheCall() throws Exception {
        Wire.Said said = call(OFFER);

        assertThat(said.status()).isEqualTo(201);
        assertThat(said.text()).isEqualTo("v=0\r\ns=answer\r\n");
        assertThat(said.headers().firstValue("content-type")).contains("application/sdp");
        String path = said.headers().firstValue("location").orElseThrow();
        assertThat(path).matches("/v1/realtime/calls/rtc_\\w+");
        assertThat(wire.send("POST", path + "/hangup", new byte[0]).status())
                .as("not begun")
                .isEqualTo(404);

        Client client = answered(1 << 18);
        assertThat(client.await("session.created").at("/session/model").asText())
                .isEqualTo(Running.MODEL);
        assertThat(wire.send("POST", path + "/hangup", new byte[0]).status()).isEqualTo(200);
        client.hungUp.get(5, TimeUnit.MINUTES);
        assertThat(running.server.callPort()).hasValue(4711);
    }

    @Test
    void callsThatHaveNotBegunTakeFreeSessions() throws Exception {
        for (int free = 2; free > 0; free--) {
            assertThat(wire.get("/metrics").text()).contains("sparrow_sessions_free{model=\"sparrow-tiny\"} " + free);
            assertThat(call(OFFER).status()).isEqualTo(201);
        }

        assertThat(wire.get("/metrics").text()).contains("sparrow_sessions_free{model=\"sparrow-tiny\"} 0");
        assertThat(call(OFFER).status()).isEqualTo(429);
        port.callers.take().closed("no check arrived");
        assertThat(wire.get("/metrics").text()).contains("sparrow_sessions_free{model=\"sparrow-tiny\"} 1");
        answered(1 << 18);
        assertThat(wire.get("/metrics").text()).contains("sparrow_sessions_free{model=\"sparrow-tiny\"} 1");
    }

    @Test
    void badOffersAreRefusedInOneLine() {
        Wire.Said wrong = call("v=1".getBytes(StandardCharsets.UTF_8));
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.param()).isEqualTo("sdp");
        assertThat(wrong.message()).isEqualTo("sdp: expected v=0");
        assertThat(call(new byte[65_537]).message()).isEqualTo("sdp: expected at most 65536 bytes, found 65537");
        Wire.Said json = call(OFFER, "content-type", "application/json");
        assertThat(json.status()).isEqualTo(415);
        assertThat(json.message())
                .isEqualTo("content-type: expected application/sdp or multipart/form-data, found application/json");
        Wire.Said other = wire.send("POST", CALLS + "?model=other", OFFER, "content-type", "application/sdp");
        assertThat(other.status()).isEqualTo(404);
        assertThat(other.code()).isEqualTo("model_not_found");
        Wire.Said unknown = wire.send("POST", CALLS + "/rtc_1/hangup", new byte[0]);
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.message()).isEqualTo("address: no call has the id rtc_1");
        assertThat(port.callers).isEmpty();
    }

    @Test
    void aFormMayContainSettings() throws Exception {
        String form = "--b\r\nContent-Disposition: form-data; name=\"sdp\"\r\n\r\nv=0\r\n--b\r\n"
                + "Content-Disposition: form-data; name=\"session\"\r\n\r\n%s\r\n--b--\r\n";
        Wire.Said said = call(
                form.formatted("{\"type\":\"realtime\",\"instructions\":\"Be brief.\",\"audio\":{\"input\":"
                                + "{\"format\":{\"type\":\"audio/pcmu\"}}}}")
                        .getBytes(StandardCharsets.UTF_8),
                "content-type",
                Wire.FORM);
        assertThat(said.status()).isEqualTo(201);

        JsonNode session = answered(1 << 18).await("session.created").get("session");

        assertThat(session.get("instructions").asText()).isEqualTo("Be brief.");
        assertThat(session.at("/audio/input/format/type").asText()).isEqualTo("audio/pcm");
        Wire.Said wrong = call(
                form.formatted("{\"audio\":{\"output\":{\"voice\":\"nobody\"}}}")
                        .getBytes(StandardCharsets.UTF_8),
                "content-type",
                Wire.FORM);
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.param()).isEqualTo("session.audio.output.voice");
    }

    private static Wire.Said live(Wire wire, String session, String transport, String... headers) {
        return wire.post(
                "/v1/live/sessions", "{\"session\":%s,\"transport\":%s}".formatted(session, transport), headers);
    }

    @Test
    void aGptLiveOfferIsAnsweredAndItsSettingsStartTheSession() throws Exception {
        String settings = "{\"model\":\"gpt-live-1\",\"instructions\":\"Be brief.\"}";
        Wire.Said said = live(wire, settings, LIVE_OFFER);

        assertThat(said.status()).isEqualTo(201);
        assertThat(said.json().at("/transport/type").asText()).isEqualTo("webrtc");
        assertThat(said.json().at("/transport/sdp").asText()).isEqualTo("v=0\r\ns=answer\r\n");
        List<String> before = new ArrayList<>();
        Client client = answered(1 << 18);
        client.caller.message("{\"type\":\"session.close\"}");
        JsonNode session = client.await("session.started", before).get("session");
        assertThat(before).isEmpty();
        assertThat(session.get("id")).isEqualTo(said.json().at("/session/id"));
        assertThat(session.get("instructions").asText()).isEqualTo("Be brief.");
        assertThat(client.await("session.closed").get("reason").asText()).isEqualTo("close_requested");
        client.hungUp.get(5, TimeUnit.MINUTES);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | {'type':'webrtc','sdp':'v=0'} | 400 | session.model: expected, but missing",
                "{'model':'llama'} | {'type':'webrtc','sdp':'v=0'} | 404 | session.model: expected sparrow-tiny",
                "{'model':'gpt-live-1'} | {'type':'sip','sdp':'v=0'} | 400 | transport.type: expected webrtc, got sip",
                "{'model':'gpt-live-1'} | {'type':'webrtc'} | 400 | transport.sdp: expected, but missing",
                "{'model':'gpt-live-1'} | {'type':'webrtc','sdp':'v=1'} | 400 | sdp: expected v=0",
                "{'model':'gpt-live-1','voice':1} | {'type':'webrtc','sdp':'v=0'} | 400 | session.voice: unknown parameter",
                "{'model':'gpt-live-1','audio':{'format':{'type':'audio/pcmu','rate':8000}}} |"
                        + " {'type':'webrtc','sdp':'v=0'} | 400 | session.audio.format: not supported; calls use Opus",
                "{'model':'gpt-live-1','audio':{'output':{'voice':'nobody'}}} | {'type':'webrtc','sdp':'v=0'} | 400 |"
                        + " voice: expected default",
            })
    void otherGptLiveOffersAreRefusedInOneLine(String session, String transport, int status, String message) {
        Wire.Said said = live(wire, session.replace('\'', '"'), transport.replace('\'', '"'));

        assertThat(said.status()).as(said.text()).isEqualTo(status);
        assertThat(said.message()).startsWith(message);
        assertThat(port.callers).isEmpty();
    }

    @Test
    void gptLiveSettingsThatAreTooLongAreRefused() {
        Wire.Said said = live(wire, "{\"model\":\"%s\"}".formatted("x".repeat(1 << 20)), LIVE_OFFER);

        assertThat(said.status()).isEqualTo(400);
        assertThat(said.message()).startsWith("session: expected at most 1048576 characters, got 10486");
    }

    @Test
    void callsThatHaveNotBegunAreCounted() throws Exception {
        assertThat(call(OFFER).status()).isEqualTo(201);
        Client client = client();
        client.await("session.created");

        Wire.Said third = call(OFFER);
        assertThat(third.status()).isEqualTo(429);
        assertThat(live(wire, LIVE_SESSION, LIVE_OFFER).status()).isEqualTo(429);
        assertThat(third.headers().firstValueAsLong("retry-after").orElseThrow())
                .isBetween(1L, 3L);

        // The first queued caller was taken by client(); the second one never connects.
        port.callers.take().closed("the call was not connected");
        assertThat(call(OFFER).status()).isEqualTo(201);
    }

    @Test
    void aKeyOrAClientSecretIsNeeded() throws Exception {
        ServerOptions options = Running.OPTIONS.withApiKey("secret").withCalls(port::open, 0);
        try (Running locked = new Running(options, PoolOptions.DEFAULT);
                Wire wire = new Wire(locked.server.address())) {
            assertThat(call(wire, OFFER).status()).isEqualTo(401);
            assertThat(call(wire, OFFER, "authorization", "Bearer wrong").code())
                    .isEqualTo("invalid_api_key");
            assertThat(call(wire, OFFER, "authorization", "Bearer secret").status())
                    .isEqualTo(201);
            port.callers.clear();
            String secret = wire.post(
                            "/v1/realtime/client_secrets",
                            "{\"session\":{\"type\":\"realtime\",\"instructions\":\"Sing.\"}}",
                            "authorization",
                            "Bearer secret")
                    .json()
                    .get("value")
                    .asText();

            assertThat(live(wire, LIVE_SESSION, LIVE_OFFER).status()).isEqualTo(401);
            assertThat(live(wire, LIVE_SESSION, LIVE_OFFER, "authorization", "Bearer " + secret)
                            .status())
                    .as("client secrets are for Realtime")
                    .isEqualTo(401);
            assertThat(call(wire, OFFER, "authorization", "Bearer " + secret).status())
                    .isEqualTo(201);

            assertThat(answered(1 << 18)
                            .await("session.created")
                            .at("/session/instructions")
                            .asText())
                    .isEqualTo("Sing.");
            hangUp();
        }
        port.closed.get(5, TimeUnit.MINUTES);
    }

    @Test
    void aServerWithoutAPortAcceptsNoCalls() throws Exception {
        try (Running without = new Running();
                Wire wire = new Wire(without.server.address())) {
            assertThat(call(wire, OFFER).status()).isEqualTo(404);
            assertThat(call(wire, OFFER).message())
                    .isEqualTo("address: this server accepts no calls; start it with --webrtc");
            assertThat(live(wire, LIVE_SESSION, LIVE_OFFER).status()).isEqualTo(404);
            assertThat(without.server.callPort()).isEmpty();
        }
    }

    @Test
    void aSpokenAnswerIsPacedAndAnInterruptionCutsItAtWhatWasSent() throws Exception {
        Client client = client();
        client.say(1);
        List<String> before = new ArrayList<>();
        client.await("response.done", before);
        assertThat(before)
                .contains("input_audio_buffer.speech_started", "response.output_audio_transcript.delta")
                .doesNotContain("response.output_audio.delta", "output_audio_buffer.started", "error");

        short[] frame = new short[CallPort.FRAME];
        for (int i = 0; i < 25; i++) client.caller.fill(frame);
        JsonNode started = client.await("output_audio_buffer.started");
        client.say(11);

        JsonNode cleared = client.await("output_audio_buffer.cleared");
        assertThat(cleared.get("response_id")).isEqualTo(started.get("response_id"));
        assertThat(client.play()).as("frames after the interruption").isZero();
        JsonNode truncated = client.await("conversation.item.truncated");
        assertThat(truncated.get("audio_end_ms").asInt()).isEqualTo(25 * 20 - 60);
        client.await("response.done");
        assertThat(client.play()).isPositive();
        client.await("output_audio_buffer.started");
        client.await("output_audio_buffer.stopped");
    }

    @Test
    void aDrainWaitsUntilTheAudioIsPlayed() throws Exception {
        Port own = new Port();
        try (Running draining = new Running(Running.OPTIONS.withCalls(own::open, 0), PoolOptions.DEFAULT);
                Wire there = new Wire(draining.server.address())) {
            assertThat(call(there, OFFER).status()).isEqualTo(201);
            Client client = new Client(own.callers.take(), 1 << 18);
            client.say(1);
            client.await("response.done");

            CompletableFuture<Void> closed = CompletableFuture.runAsync(draining.server::close);
            Wire.until(() -> there.get("/readyz").status() == 503);

            assertThatThrownBy(() -> client.hungUp.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
            assertThat(client.play()).isPositive();
            client.await("output_audio_buffer.stopped");
            client.hungUp.get(5, TimeUnit.MINUTES);
            closed.get(5, TimeUnit.MINUTES);
        }
    }

    @Test
    void theClientClearsTheOutputOnce() throws Exception {
        Client client = client();
        client.say(1);
        client.await("response.done");
        client.caller.fill(new short[CallPort.FRAME]);
        client.caller.message("{\"type\":\"output_audio_buffer.clear\"}");
        client.await("output_audio_buffer.cleared");
        client.caller.message("{\"type\":\"session.update\",\"session\":{\"type\":\"realtime\"}}");
        List<String> before = new ArrayList<>();
        client.await("session.updated", before);
        assertThat(before).doesNotContain("output_audio_buffer.cleared");
    }

    @Test
    void emptyMessagesOfAClientThatReadsNothingAreLimited() throws Exception {
        CountDownLatch reads = new CountDownLatch(1);
        assertThat(call(OFFER).status()).isEqualTo(201);
        CallPort.Caller caller = port.callers.poll(5, TimeUnit.MINUTES);
        begun.add(caller);
        Client client = new Client(caller, 1 << 18) {
            @Override
            public void send(String text) {
                try {
                    reads.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        for (int i = 0; i < 200_000; i++) caller.message("");
        String message = new String("");
        WeakReference<String> last = new WeakReference<>(message);
        caller.message(message);
        message = null;
        // Otherwise, the messages wait until the client has read nothing for 30 s.
        Wire.until(Duration.ofSeconds(25), () -> {
            System.gc();
            return last.get() == null;
        });
        reads.countDown();

        client.hungUp.get(5, TimeUnit.MINUTES);
    }

    @Test
    void otherFormatsAreRefusedAndLongEventsReplaced() throws Exception {
        assertThat(call(OFFER).status()).isEqualTo(201);
        Client client = answered(3_000);
        client.await("conversation.created");

        client.caller.message("{\"event_id\":\"e1\",\"type\":\"session.update\",\"session\":{\"type\":\"realtime\","
                + "\"audio\":{\"output\":{\"format\":{\"type\":\"audio/pcmu\"}}}}}");
        JsonNode refused = client.await("error").get("error");
        assertThat(refused.get("event_id").asText()).isEqualTo("e1");
        assertThat(refused.get("message").asText()).contains("audio.format");

        client.caller.message("{\"type\":\"session.update\",\"session\":{\"type\":\"realtime\",\"instructions\":\""
                + "x".repeat(4_000) + "\"}}");
        JsonNode tooLong = client.await("error").get("error");
        assertThat(tooLong.get("code").asText()).isEqualTo("event_too_long");
        assertThat(tooLong.get("message").asText())
                .matches("an event session.updated of \\d+ bytes was not sent: the client accepts 3000");
    }
}
