package sparrow.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.bench.Commands.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.bench.Commands.Outcome;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** The command {@code bench load} against a small server of its own; how talkers behave is tested on a virtual clock. */
class LoadCommandTest {
    @TempDir
    private Path folder;

    private Path question;

    @BeforeEach
    void aShortQuestion() throws IOException {
        question = folder.resolve("question.wav");
        float[] sound = new float[4800];
        Arrays.fill(sound, 0.5f);
        WavFile.write(question, new Waveform(sound, 24_000), SampleFormat.PCM16);
    }

    private static Outcome load(String... args) {
        return run(
                Stream.concat(Stream.of("bench", "load"), Arrays.stream(args)).toArray(String[]::new));
    }

    @Test
    void talkersAskAServerWithAKeyAndTheirFiguresComeAsJson() throws IOException {
        Path key = Files.writeString(folder.resolve("key"), "secret\n");
        try (TinyRealtimeServer server = new TinyRealtimeServer("secret", false)) {
            Outcome outcome = load(
                    server.address(),
                    "--talkers",
                    "2",
                    "--turns",
                    "1",
                    "--seed",
                    "2",
                    "--set",
                    "questions=" + folder.toString(),
                    "--key",
                    key.toString(),
                    "--json");

            assertThat(outcome.err()).isEmpty();
            assertThat(outcome.code()).isZero();
            JsonNode row =
                    new ObjectMapper().readTree(outcome.out()).path("rows").path(0);
            assertThat(row.path("talkers").intValue()).isEqualTo(2);
            assertThat(row.path("replies").intValue()).isEqualTo(2);
            assertThat(row.path("audio_seconds").doubleValue()).isEqualTo(0.6);
            assertThat(row.path("first_audio_ms").path("p50").doubleValue()).isPositive();
            assertThat(row.path("broken")).isEmpty();
            assertThat(outcome.out()).doesNotContain("secret");
        }
    }

    @Test
    void answersOverGptLiveAreNotInterrupted() {
        Outcome outcome = load("ws://127.0.0.1:1", "--protocol", "live", "--barge-in", "0.1");

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err())
                .startsWith("sparrow: --barge-in: expected 0 with --protocol live, which reports no interruption");
    }

    @Test
    void aWrongKeyIsOneLine() throws IOException {
        try (TinyRealtimeServer server = new TinyRealtimeServer("secret", false)) {
            Outcome outcome = load(server.address(), "--set", "questions=" + question.toString());

            assertThat(outcome.code()).isEqualTo(1);
            assertThat(outcome.err())
                    .isEqualToNormalizingNewlines("sparrow: " + server.address()
                            + "/v1/realtime: expected a WebSocket, the server answered 401\n");
        }
    }

    @Test
    void aKeyThatNoHeaderCanCarryIsNotShown() throws IOException {
        Path key = Files.writeString(folder.resolve("key"), "se\u0001cret");

        Outcome outcome =
                load("ws://127.0.0.1:1", "--set", "questions=" + question.toString(), "--key", key.toString());

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err())
                .contains("expected a key")
                .doesNotContain("cret")
                .hasLineCount(1);
    }

    @Tag("full")
    @Test
    void aServerThatLeavesABundledQuestionUnansweredIsReported() throws IOException {
        try (TinyRealtimeServer server = new TinyRealtimeServer("", true)) {
            Outcome outcome = load(server.address(), "--turns", "1");

            assertThat(outcome.code()).isEqualTo(1);
            assertThat(outcome.out()).contains("with 1: 1 ended prematurely: closed by the server: 1001");
            assertThat(outcome.err()).contains("no answer was heard");
        }
    }

    @Test
    void nobodyThereIsOneLine() throws IOException {
        try (Socket taken = new Socket()) {
            // No other process can listen there, and this one does not.
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            String nobody = "ws://localhost:" + taken.getLocalPort();

            Outcome outcome = load(nobody, "--set", "questions=" + question.toString());

            assertThat(outcome.code()).isEqualTo(1);
            assertThat(outcome.err())
                    .startsWith("sparrow: " + nobody + "/v1/realtime: cannot connect")
                    .hasLineCount(1);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    http://localhost           | URL: expected ws://HOST:PORT or wss://HOST:PORT, got http://localhost
                    ws://localhost --talkers 0 | talkers: expected 1 to 1024, got 0
                    ws://localhost --turns 0   | turns: expected 1 or more, got 0
                    ws://localhost --barge-in 2 | barge-in: expected a probability from 0 to 1, got 2.0
                    ws://localhost --turns 1 --seconds 3 | --seconds: expected without --turns, which it replaces
                    ws://localhost --seconds 0 | --seconds: expected above 0 and up to 86400, got 0.0
                    ws://localhost --set questions=nowhere.wav | nowhere.wav
                    """)
    void wrongUseIsOneLine(String args, String message) {
        Outcome outcome = load(args.split(" "));

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).contains(message).hasLineCount(1);
    }
}
