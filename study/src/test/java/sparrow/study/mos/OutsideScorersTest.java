package sparrow.study.mos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.speech.wave.Waveform;
import sparrow.study.http.StubServer;

/** Programs and services that score. */
class OutsideScorersTest {
    private static final Waveform SPEECH = new Waveform(new float[] {0.5f, -0.5f, 0.5f}, 16_000);

    /** The program tells the size of the file that it was given: 44 bytes of header and 3 samples of 2. */
    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the command is one of POSIX")
    void givesAProgramTheSpeechAsAWavFile() throws IOException {
        try (MosScorer scorer = MosScorers.open("command:sh -c 'echo loading; wc -c < \"$0\"' {wav}")) {
            assertThat(scorer.score(SPEECH)).isEqualTo(new Mos(50));
        }
    }

    @ParameterizedTest
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the command is one of POSIX")
    @CsvSource({"echo good {wav}, echo: expected a number", "true {wav}, 'true: expected a number, found nothing'"})
    void saysThatAProgramPrintedNoNumber(String command, String message) throws IOException {
        try (MosScorer scorer = MosScorers.open("command:" + command)) {
            assertThatThrownBy(() -> scorer.score(SPEECH))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(message);
        }
    }

    @Test
    void refusesACommandWithoutAPlaceForTheSpeech() {
        assertThatThrownBy(() -> MosScorers.open("command:utmos"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("MOS command: expected a placeholder {wav} for the speech, got utmos");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "3.25",
                " 3.25\n",
                "{\"score\": 3.25}",
                "{\"name\": \"a.wav\", \"mos\": 3.25}",
                "{\"overall\": 3.25, \"signal\": 4}"
            })
    void readsTheNumberOfAService(String body) throws IOException {
        try (StubServer server = new StubServer(StubServer.ok(body));
                MosScorer scorer = MosScorers.open(server.baseUrl().toString())) {
            assertThat(scorer.score(SPEECH)).isEqualTo(new Mos(3.25));

            assertThat(server.requests()).singleElement().satisfies(request -> {
                assertThat(request.method()).isEqualTo("POST");
                assertThat(request.headers().getFirst("Content-Type")).isEqualTo("audio/wav");
                assertThat(request.body().getBytes(StandardCharsets.ISO_8859_1)).hasSize(50);
                assertThat(request.body()).startsWith("RIFF");
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "good", "{\"score\": \"high\"}", "{\"score\": ", "NaN", "1e999"})
    void saysThatAServiceAnsweredNoNumber(String body) throws IOException {
        try (StubServer server = new StubServer(StubServer.ok(body));
                MosScorer scorer = MosScorers.open(server.baseUrl().toString())) {
            assertThatThrownBy(() -> scorer.score(SPEECH))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(server.baseUrl() + ": expected a number, found ");
        }
    }

    @Test
    void saysThatAServiceRefused() throws IOException {
        try (StubServer server = new StubServer(StubServer.refusal(500, "oops"));
                MosScorer scorer = MosScorers.open(server.baseUrl().toString())) {
            assertThatThrownBy(() -> scorer.score(SPEECH)).hasMessage(server.baseUrl() + ": rejected with HTTP 500");
        }
    }

    @Test
    void saysThatAServiceDidNotAnswerInTime() throws IOException {
        try (StubServer server = new StubServer(StubServer.never());
                MosScorer scorer = HttpScorer.at(server.baseUrl().toString(), Duration.ofMillis(200))) {
            assertThatThrownBy(() -> scorer.score(SPEECH))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(server.baseUrl() + ": no answer: ");
        }
    }

    @Test
    void readsNoEndlessAnswer() throws IOException {
        try (StubServer server = new StubServer(StubServer.ok("1".repeat(100_000)));
                MosScorer scorer = MosScorers.open(server.baseUrl().toString())) {
            assertThatThrownBy(() -> scorer.score(SPEECH))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(server.baseUrl() + ": no answer: ");
        }
    }

    @Test
    void takesNoPasswordInAnAddress() {
        assertThatThrownBy(() -> MosScorers.open("http://me:secret@localhost/score"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "dnsmos", "dnsmos:", "utmos:x", "http"})
    void namesTheScorersThatThereAre(String spec) {
        assertThatThrownBy(() -> MosScorers.open(spec))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("MOS scorer: expected one of dnsmos:FILE, onnx:FILE, command:")
                .hasMessageEndingWith("got " + spec);
    }
}
