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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import sparrow.server.Running;
import sparrow.server.page.Chromium;
import sparrow.server.page.InBrowser;
import sparrow.server.page.PageMicrophone;
import sparrow.server.page.TalkingServer;
import sparrow.speech.wave.Waveform;

/** Calls from a browser, into whose microphone recorded questions are spoken. */
@InBrowser
class CallTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final int INTERRUPTIONS = Integer.getInteger("sparrow.calls.interruptions", 2);

    @Test
    void aSpokenQuestionIsAnsweredWithTheSoundOfTheWebSocket() throws Exception {
        try (TalkingServer server = TalkingServer.Own.start(Running.OPTIONS.withCalls(new UdpPort.Opener(), 0));
                Chromium chromium = Chromium.withAnyMicrophone();
                Page page = chromium.browser().newPage()) {
            Waveform expected = SocketTalk.answer(server.address(), Running.example(6));
            PageMicrophone microphone = PageMicrophone.of(page);
            try (CallPage call = new CallPage(page, server.address())) {
                call.await("session.created", 1);
                microphone.say(Running.example(6));
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
                        .isEqualTo("the opposite of summer is winter. summer and winter are opposites.");
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

    /** Measures the time from the event that reports the user's speech, or the clearing, to the last audible sample. */
    @Test
    void theBrowserIsSilentSoonAfterEachInterruption() throws Exception {
        try (TalkingServer server = TalkingServer.Own.start(Running.OPTIONS.withCalls(new UdpPort.Opener(), 0));
                Chromium chromium = Chromium.withAnyMicrophone();
                Page page = chromium.browser().newPage()) {
            PageMicrophone microphone = PageMicrophone.of(page);
            CallPage call = new CallPage(page, server.address());
            call.await("session.created", 1);
            int started = 0;
            for (int i = 1; i <= INTERRUPTIONS; i++) {
                microphone.say(Running.example(1));
                call.await("output_audio_buffer.started", ++started);
                call.awaitSound();
                microphone.say(Running.example(11));
                call.await("output_audio_buffer.cleared", 2 * i - 1);
                call.await("output_audio_buffer.started", ++started);
                call.awaitSound();
                call.send("{\"type\":\"output_audio_buffer.clear\"}");
                call.await("output_audio_buffer.cleared", 2 * i);
                page.waitForTimeout(1000); // the browser's last sound and the detector's silence
            }

            List<Double> ms = new ArrayList<>();
            for (JsonNode cleared : call.events("output_audio_buffer.cleared")) {
                ms.add(call.audibleMsAfter(cleared.get("at").asDouble()));
            }
            Collections.sort(ms);
            System.out.printf(
                    "silence after an interruption: p50 %.0f ms, maximum %.0f ms (n = %d)%n",
                    ms.get(ms.size() / 2), ms.getLast(), ms.size());
            assertThat(call.types()).doesNotContain("error");
            assertThat(ms).hasSize(2 * INTERRUPTIONS);
            assertThat(ms.get(ms.size() / 2)).isLessThan(300);
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
