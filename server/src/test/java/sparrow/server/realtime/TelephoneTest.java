package sparrow.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.server.message.Json;
import sparrow.server.realtime.session.TalkingModel;
import sparrow.speech.wave.Waveform;

/** The bundled model hears its questions in the band of a telephone, with µ-law, and is heard so. */
@Tag("full")
class TelephoneTest {
    private static final Path EXPECTED =
            Path.of(System.getProperty("sparrow.testdata")).resolveSibling("examples/expected.tsv");
    private static final String SESSION = """
            {"type":"session.update","session":{"type":"realtime","audio":{"input":{"format":{"type":"audio/pcmu"}},
            "output":{"format":{"type":"audio/pcmu"}}}}}""";

    private static TalkingModel model;
    private static TestServer server;

    @BeforeAll
    static void start() {
        model = new TalkingModel();
        server = new TestServer(
                model.served(),
                TestServer.options(4, TestServer.HALF_A_MINUTE),
                key -> key.equals(Optional.of("secret")));
    }

    @AfterAll
    static void stop() {
        server.close();
        model.close();
    }

    /** Number and answer of each question that the model brings. */
    static Stream<Object[]> questions() throws IOException {
        return Files.readAllLines(EXPECTED).stream()
                .map(line -> line.split("\t"))
                .filter(fields -> fields[0].matches("q(01|03|06|08|10|12)\\.wav"))
                .map(fields -> new Object[] {Integer.parseInt(fields[0].substring(1, 3)), fields[2]});
    }

    /** Six questions through both protocols; server turn detection ends them. */
    @ParameterizedTest(name = "q{0}: {1}")
    @MethodSource("questions")
    void aQuestionByTelephoneIsAnsweredRight(int number, String answer) {
        Waveform said = telephone(TalkingModel.question(number));

        byte[] heard = askInRealtime(said, answer);

        assertThat(askByTwilio(said, heard.length)).isEqualTo(heard);
    }

    private static byte[] askInRealtime(Waveform said, String answer) {
        try (PlainClient client = new PlainClient(server.port(), true, "openai-insecure-api-key.secret")) {
            client.send(SESSION);
            client.await("session.updated");
            for (byte[] frame : TwilioTest.frames(said)) {
                client.send("{\"type\":\"input_audio_buffer.append\",\"audio\":\""
                        + Base64.getEncoder().encodeToString(frame) + "\"}");
            }
            ByteArrayOutputStream sound = new ByteArrayOutputStream();
            while (true) {
                JsonNode event = Json.object(client.await("response.output_audio"));
                switch (event.path("type").asText()) {
                    case "response.output_audio.delta" ->
                        sound.writeBytes(
                                Base64.getDecoder().decode(event.path("delta").asText()));
                    case "response.output_audio_transcript.done" ->
                        assertThat(event.path("transcript").asText()).isEqualTo(answer);
                    case "response.output_audio.done" -> {
                        return sound.toByteArray();
                    }
                    default -> {}
                }
            }
        }
    }

    private static byte[] askByTwilio(Waveform said, int length) {
        try (PlainClient twilio = TwilioTest.call(server, "secret")) {
            TwilioTest.say(twilio, said);
            ByteArrayOutputStream sound = new ByteArrayOutputStream();
            while (sound.size() < length) {
                JsonNode frame = Json.object(twilio.await("\"media\""));
                sound.writeBytes(
                        Base64.getDecoder().decode(frame.at("/media/payload").asText()));
            }
            return sound.toByteArray();
        }
    }

    /** 300 to 3400 Hz at 8 kHz: a windowed sinc of 255 taps. */
    private static Waveform telephone(Waveform clean) {
        float[] from = clean.at(8_000).samples();
        int half = 127;
        float[] to = new float[from.length];
        for (int tap = -half; tap <= half; tap++) {
            double sinc = tap == 0
                    ? 2 * (3_400 - 300) / 8_000.0
                    : (Math.sin(2 * Math.PI * 3_400 * tap / 8_000) - Math.sin(2 * Math.PI * 300 * tap / 8_000))
                            / (Math.PI * tap);
            float weight = (float) (sinc * (0.5 + 0.5 * Math.cos(Math.PI * tap / (half + 1))));
            for (int i = Math.max(0, -tap); i < Math.min(to.length, to.length - tap); i++)
                to[i] += weight * from[i + tap];
        }
        return new Waveform(to, 8_000);
    }
}
