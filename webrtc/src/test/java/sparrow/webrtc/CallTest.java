package sparrow.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.server.Running;
import sparrow.server.page.Chromium;
import sparrow.server.page.InBrowser;
import sparrow.server.page.SpokenTurns;
import sparrow.server.page.TalkingServer;
import sparrow.speech.wave.Waveform;

/** Calls from a browser, whose microphone hears recorded questions. */
@InBrowser
class CallTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void aSpokenQuestionIsAnsweredWithTheSoundOfTheWebSocket() throws Exception {
        Path microphone = folder.resolve("microphone.wav");
        new SpokenTurns().silence(2).question(Running.example(1)).silence(20).write(microphone);
        try (TalkingServer server = TalkingServer.Own.start(Running.OPTIONS.withCalls(new UdpPort.Opener(), 0));
                Chromium chromium = Chromium.hearing(microphone)) {
            Waveform expected = SocketTalk.answer(server.address(), Running.example(1));
            try (CallPage call = new CallPage(chromium.browser().newPage(), server.address())) {
                call.await("output_audio_buffer.stopped", 1);
                call.page().waitForTimeout(500); // the browser still plays what has arrived

                assertThat(call.types())
                        .startsWith("session.created", "conversation.created")
                        .containsSubsequence(
                                "input_audio_buffer.speech_started",
                                "input_audio_buffer.speech_stopped",
                                "response.created",
                                "output_audio_buffer.started",
                                "response.done",
                                "output_audio_buffer.stopped")
                        .doesNotContain("response.output_audio.delta", "error");
                assertThat(call.events("response.output_audio_transcript.done")
                                .getFirst()
                                .get("transcript")
                                .asText())
                        .isEqualTo("the capital of libya is tripoli. libya is in africa.");
                double correlation = Correlation.best(expected, call.recording());
                System.out.printf("correlation with the sound of the WebSocket: %.4f%n", correlation);
                assertThat(correlation).isGreaterThan(0.95);
            }
        }
    }

    @Test
    void aQuestionIntoTheAnswerInterruptsItAndCutsTheMemory() throws Exception {
        try (TalkingServer server = TalkingServer.Own.start(Running.OPTIONS.withCalls(new UdpPort.Opener(), 0));
                Chromium chromium = Chromium.withAnyMicrophone();
                Page page = chromium.browser().newPage()) {
            PageMicrophone microphone = PageMicrophone.of(page);
            CallPage call = new CallPage(page, server.address());
            call.await("session.created", 1);
            microphone.say(Running.example(1));
            call.await("output_audio_buffer.started", 1);
            microphone.say(Running.example(11));
            call.await("output_audio_buffer.cleared", 1);
            call.await("output_audio_buffer.stopped", 1);

            JsonNode cleared = call.events("output_audio_buffer.cleared").getFirst();
            JsonNode started = call.events("output_audio_buffer.started").getFirst();
            JsonNode truncated = call.events("conversation.item.truncated").getFirst();
            assertThat(cleared.get("response_id")).isEqualTo(started.get("response_id"));
            double heardMs = cleared.get("at").asDouble() - started.get("at").asDouble();
            assertThat(truncated.get("audio_end_ms").asDouble()).isBetween(heardMs - 150, heardMs + 150);
            assertThat(call.events("response.output_audio_transcript.done")
                            .getLast()
                            .get("transcript")
                            .asText())
                    .isEqualTo("there are sixty minutes in an hour.");
            assertThat(call.types()).doesNotContain("error");
        }
    }

    /**
     * Every tenth datagram is lost in each direction, and the others arrive up to 80 ms later, in another order. The tiny model
     * mistakes some of the damaged questions for others.
     */
    @Test
    void mostQuestionsAreUnderstoodAlthoughPacketsAreLostAndLate() throws Exception {
        int questions = 5;
        Path microphone = folder.resolve("microphone.wav");
        SpokenTurns turns = new SpokenTurns().silence(4);
        for (int i = 0; i < questions; i++) turns.question(Running.example(1)).silence(8);
        turns.silence(20).write(microphone);
        try (TalkingServer.Own server = TalkingServer.Own.start(Running.OPTIONS.withCalls(new UdpPort.Opener(), 0));
                LossyRelay relay =
                        new LossyRelay(server.running().server.callPort().orElseThrow(), 0.1, 80);
                Chromium chromium = Chromium.hearing(microphone);
                CallPage call = new CallPage(chromium.browser().newPage(), server.address(), relay.port())) {
            for (int i = 1; i <= questions; i++) call.await("output_audio_buffer.stopped", i);

            long right = call.events("response.output_audio_transcript.done").stream()
                    .filter(event -> event.get("transcript")
                            .asText()
                            .equals("the capital of libya is tripoli. libya is in africa."))
                    .count();
            System.out.printf(
                    "with 10 %% loss and 80 ms jitter: %d of %d right, %d datagrams lost, %s%n",
                    right, questions, relay.lost(), call.page().evaluate("""
                            async () => [...(await window.peer.getStats()).values()]
                              .filter(({ type }) => type === 'inbound-rtp')
                              .map(({ packetsReceived, packetsLost, concealedSamples, totalSamplesReceived, concealmentEvents }) =>
                                JSON.stringify({ packetsReceived, packetsLost, concealmentEvents, concealedSamples, totalSamplesReceived }))[0]
                            """));
            assertThat(call.types()).doesNotContain("error");
            assertThat(right).isGreaterThan(questions / 2);
        }
    }

    @Test
    void aCallEndsWhenTheServerHangsUpOrTheTabIsClosed() throws Exception {
        try (TalkingServer server = TalkingServer.Own.start(Running.OPTIONS.withCalls(new UdpPort.Opener(), 0));
                Chromium chromium = Chromium.withAnyMicrophone()) {
            try (CallPage call = new CallPage(chromium.browser().newPage(), server.address())) {
                call.await("session.created", 1);
                assertThat(sessions(server.address())).isEqualTo(1);
                String location = (String) call.page().evaluate("() => window.location_");

                assertThat(post(server.address().resolve(location + "/hangup"))).isEqualTo(200);

                call.await("closed", 1);
                assertThat(post(server.address().resolve(location + "/hangup"))).isEqualTo(404);
            }
            try (CallPage call = new CallPage(chromium.browser().newPage(), server.address())) {
                call.await("session.created", 1);
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (sessions(server.address()) > 0 && System.nanoTime() < end) LockSupport.parkNanos(50_000_000);
            assertThat(sessions(server.address())).isZero();
        }
    }

    private static int post(URI address) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }

    private static int sessions(URI server) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.resolve("/metrics")).build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            String metrics =
                    client.send(request, HttpResponse.BodyHandlers.ofString()).body();
            return (int) Double.parseDouble(metrics.lines()
                    .filter(line -> line.startsWith("sparrow_sessions_open{"))
                    .findFirst()
                    .orElseThrow()
                    .replaceFirst(".* ", ""));
        }
    }
}
