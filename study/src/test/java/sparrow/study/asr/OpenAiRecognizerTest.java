package sparrow.study.asr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.speech.asr.SpeechRecognizer;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.study.http.Endpoint;
import sparrow.study.http.OpenAiService;
import sparrow.study.http.StubServer;

class OpenAiRecognizerTest {
    private static final Waveform BEEP = beep();

    private static Waveform beep() {
        float[] samples = new float[2_400];
        for (int i = 0; i < samples.length; i++) samples[i] = (float) Math.sin(0.1 * i) / 2;
        return new Waveform(samples, 24_000);
    }

    @Test
    void sendsTheSpeechAsAFormAndReadsTheText() throws IOException {
        try (StubServer server = new StubServer(StubServer.ok("{\"text\": \" The capital is Paris. \"}"));
                SpeechRecognizer recognizer = recognizer(server)) {
            assertThat(recognizer.transcribe(BEEP)).isEqualTo("The capital is Paris.");

            assertThat(server.requests()).singleElement().satisfies(request -> {
                assertThat(request.method()).isEqualTo("POST");
                assertThat(request.path()).isEqualTo("/v1/audio/transcriptions");
                assertThat(request.headers().getFirst("Content-Type")).startsWith("multipart/form-data; boundary=");
                String wav = new String(WavFile.bytes(BEEP, SampleFormat.PCM16), StandardCharsets.ISO_8859_1);
                assertThat(request.body())
                        .contains("name=\"model\"", "tiny-whisper", "name=\"language\"", "name=\"temperature\"")
                        .contains("name=\"file\"; filename=\"speech.wav\"", "audio/wav")
                        .contains("\r\n\r\n" + wav + "\r\n");
            });
        }
    }

    @Test
    void asksAgainWhenTheServiceWasBusy() throws IOException {
        StubServer.Answer busy = StubServer.refusal(429, "busy", Map.of("Retry-After", "0"));
        try (StubServer server = new StubServer(busy, busy, StubServer.ok("{\"text\": \"yes\"}"));
                SpeechRecognizer recognizer = recognizer(server)) {
            assertThat(recognizer.transcribe(BEEP)).isEqualTo("yes");

            assertThat(server.requests()).hasSize(3);
            assertThat(server.requests().getLast().body())
                    .hasSameSizeAs(server.requests().getFirst().body());
        }
    }

    @Test
    void givesUpOnAServiceThatKeepsFailing() throws IOException {
        StubServer.Answer broken = StubServer.refusal(500, "broken", Map.of("Retry-After", "0"));
        try (StubServer server = new StubServer(broken);
                SpeechRecognizer recognizer = recognizer(server)) {
            assertThatIOException()
                    .isThrownBy(() -> recognizer.transcribe(BEEP))
                    .withMessageStartingWith(server.baseUrl() + ": rejected with HTTP 500: ")
                    .withMessageContaining("broken");
        }
    }

    @Test
    void saysThatNoAnswerCameInTime() throws IOException {
        try (StubServer server = new StubServer(StubServer.never());
                SpeechRecognizer recognizer = recognizer(new Endpoint(server.baseUrl(), Duration.ofMillis(250), 0))) {
            assertThatIOException()
                    .isThrownBy(() -> recognizer.transcribe(BEEP))
                    .withMessage(server.baseUrl() + ": did not answer within 0.25 s");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"text\": \"The capi", "<html>hello</html>", "{}", "{\"text\": 3}", "[]", "null", ""})
    void refusesAnAnswerWithoutText(String body) throws IOException {
        try (StubServer server = new StubServer(StubServer.ok(body));
                SpeechRecognizer recognizer = recognizer(server)) {
            assertThatIOException()
                    .isThrownBy(() -> recognizer.transcribe(BEEP))
                    .withMessageStartingWith(server.baseUrl() + ": answer violates the protocol: ")
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
        }
    }

    @Test
    void hearsNothingInSilenceWithoutAsking() throws IOException {
        try (StubServer server = new StubServer(StubServer.ok("{\"text\": \"Thank you.\"}"));
                SpeechRecognizer recognizer = recognizer(server)) {
            assertThat(recognizer.transcribe(new Waveform(new float[16_000], 16_000)))
                    .isEmpty();

            assertThat(server.requests()).isEmpty();
        }
    }

    private static SpeechRecognizer recognizer(StubServer server) {
        return recognizer(new Endpoint(server.baseUrl(), Duration.ofSeconds(60), 3));
    }

    private static SpeechRecognizer recognizer(Endpoint endpoint) {
        return new OpenAiRecognizer(OpenAiService.open(endpoint), "tiny-whisper");
    }
}
