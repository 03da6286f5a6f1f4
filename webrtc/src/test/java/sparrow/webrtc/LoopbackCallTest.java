package sparrow.webrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sparrow.models.pool.PoolOptions;
import sparrow.server.Running;
import sparrow.server.Wire;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** Whole calls over the loopback interface, without a browser. */
class LoopbackCallTest {
    private static Running running;

    @BeforeAll
    static void start() throws Exception {
        running = new Running(Running.OPTIONS.withCalls(new UdpPort.Opener(), 0), PoolOptions.DEFAULT);
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    @Test
    void aSpokenQuestionIsAnsweredWithTheSoundOfTheWebSocket() throws Exception {
        Waveform expected = SocketTalk.answer(running.server.address(), Running.example(1));
        try (TestClient client = new TestClient(running.server.address()).awaitConnected()) {
            client.await("session.created");
            client.say(WavFile.read(Running.example(1)), 4);
            assertThat(client.await("response.output_audio_transcript.done")
                            .get("transcript")
                            .asText())
                    .isEqualTo("the capital of libya is tripoli. libya is in africa.");
            client.await("output_audio_buffer.stopped");

            assertThat(Correlation.best(expected, client.heard())).isGreaterThan(0.95);
        }
    }

    @Test
    void typedQuestionsAndLongEventsPassTheDataChannel() throws Exception {
        try (TestClient client = new TestClient(running.server.address()).awaitConnected()) {
            client.await("conversation.created");
            client.send("{\"type\":\"session.update\",\"session\":{\"type\":\"realtime\",\"instructions\":\""
                    + "x".repeat(50_000) + "\"}}");

            assertThat(client.await("session.updated")
                            .at("/session/instructions")
                            .asText())
                    .hasSize(50_000);
        }
    }

    @Test
    void aClientWithAnotherCertificateThanAnnouncedIsRefused() throws Exception {
        String other = new DtlsServer.Identity().fingerprint();
        try (TestClient client = new TestClient(running.server.address(), new DtlsServer.Identity(), other)) {
            assertThatThrownBy(client::awaitConnected).hasRootCauseInstanceOf(IOException.class);
        }
    }

    @Test
    @Tag("full")
    void theSessionEndsTenSecondsAfterItsClientVanished() throws Exception {
        try (Wire wire = new Wire(running.server.address());
                TestClient client = new TestClient(running.server.address()).awaitConnected()) {
            client.await("session.created");
            client.vanish();

            Wire.until(Duration.ofSeconds(10), () -> sessions(wire) == 0);
        }
    }

    private static int sessions(Wire wire) {
        return wire.get("/metrics").text().contains("sparrow_sessions_open{model=\"sparrow-tiny\"} 0") ? 0 : 1;
    }

    @Test
    void theSessionEndsWithItsClient() throws Exception {
        try (Wire wire = new Wire(running.server.address())) {
            try (TestClient client = new TestClient(running.server.address()).awaitConnected()) {
                client.await("session.created");
            }

            Wire.until(() -> sessions(wire) == 0);
        }
    }
}
