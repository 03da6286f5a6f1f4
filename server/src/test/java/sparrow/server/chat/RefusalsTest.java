package sparrow.server.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.server.Running;
import sparrow.server.Wire;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** What cannot be done is refused in one line that says where. */
class RefusalsTest {
    private static final String CHAT = "/v1/chat/completions";

    private static Running running;
    private static Wire wire;

    @BeforeAll
    static void start() throws IOException {
        running = new Running();
        wire = new Wire(running.server.address());
    }

    @AfterAll
    static void stop() {
        wire.close();
        running.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"n\":2                                              | n                     | unsupported_parameter",
                "\"tools\":[{\"type\":\"function\"}]                  | tools                 | unsupported_parameter",
                "\"tools\":[{}],\"parallel_tool_calls\":false | tools           | unsupported_parameter",
                "\"logprobs\":true                                    | logprobs              | unsupported_parameter",
                "\"stop\":\"end\"                                     | stop                  | unsupported_parameter",
                "\"presence_penalty\":0.5                             | presence_penalty      | unsupported_parameter",
                "\"response_format\":{\"type\":\"json_object\"}       | response_format       | unsupported_parameter",
                "\"modalities\":[\"video\"]                           | modalities            | invalid_value",
                "\"modalities\":[\"audio\"]                           | audio                 | missing_required_parameter",
                "\"modalities\":\"audio\"                             | modalities            | invalid_type",
                "\"modalities\":[\"audio\"],\"audio\":{\"voice\":\"x\",\"format\":\"wav\"}   | audio.voice  | invalid_value",
                "\"modalities\":[\"audio\"],\"audio\":{\"voice\":\"alloy\",\"format\":\"mp3\"} | audio.format | unsupported_value",
                "\"stream\":true,\"modalities\":[\"audio\"],\"audio\":{\"voice\":\"alloy\",\"format\":\"wav\"} | audio.format | unsupported_value",
                "\"temperature\":3                                    | temperature           | invalid_value",
                "\"top_p\":0                                          | top_p                 | invalid_value",
                "\"seed\":1.5                                         | seed                  | invalid_type",
                "\"max_completion_tokens\":0                          | max_completion_tokens | invalid_value",
                "\"stream\":\"yes\"                                   | stream                | invalid_type",
                "\"sparrow\":{\"exit\":\"odd\"}                       | sparrow.exit          | invalid_value",
                "\"sparrow\":{\"exit\":\"even:99\"}                   | -                     | invalid_value",
                "\"sparrow\":{\"depth\":1}                            | sparrow.depth         | unknown_parameter",
                "\"sparrow\":{\"exit\":\"even:8+again\"}              | sparrow.exit          | invalid_value",
                "\"sparrow\":{\"exit\":1}                             | sparrow.exit          | invalid_value",
                "\"sparrow\":{\"exit\":\"conf:8:0.5+verify\"}         | sparrow.exit          | invalid_value",
                "\"sparrow\":{\"exit\":\"draft:8:2+measure\"}         | sparrow.exit          | invalid_value",
            })
    void aFieldThatCannotBeObeyedIsNamed(String field, String param, String code) {
        Wire.Said said = wire.post(CHAT, Wire.chat("\"hello\"", field));

        assertThat(said.status()).as(said.text()).isEqualTo(400);
        assertThat(said.code()).isEqualTo(code);
        assertThat(said.json().path("error").path("param").asText("")).isEqualTo(param.equals("-") ? "" : param);
        assertThat(said.message()).doesNotContain("\n", "Exception");
        assertThat(said.headers().firstValue("x-should-retry")).hasValue("false");
        assertThat(said.headers().firstValue("x-request-id")).isPresent();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"role\":\"user\",\"content\":\" \"}                             | messages[0].content",
                "{\"role\":\"user\"}                                               | messages[0].content",
                "{\"role\":\"user\",\"content\":[]}                                | messages[0].content",
                "{\"role\":\"tool\",\"content\":\"x\"}                             | messages[0].role",
                "{\"content\":\"x\"}                                               | messages[0].role",
                "{\"role\":\"assistant\",\"content\":\"x\"}                        | messages[0]",
                "{\"role\":\"system\",\"content\":\"x\"}                           | messages[0]",
                "{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"system\",\"content\":\"b\"} | messages[1]",
                "{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"b\"} | messages[1]",
                "{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"audio\":{\"id\":\"audio_x\"}},{\"role\":\"user\",\"content\":\"c\"} | messages[1].audio.id",
                "{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}        | messages[0].content[0].type",
                "{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}             | messages[0].content[0].text",
                "{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\"}]}      | messages[0].content[0].input_audio",
                "{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\",\"input_audio\":{\"format\":\"mp3\",\"data\":\"AAAA\"}}]} | messages[0].content[0].input_audio.format",
                "{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\",\"input_audio\":{\"format\":\"wav\",\"data\":\"not base64!\"}}]} | messages[0].content[0].input_audio.data",
                "{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\",\"input_audio\":{\"format\":\"wav\",\"data\":\"AAAA\"}}]} | messages[0].content[0].input_audio.data",
                "{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\",\"input_audio\":{\"format\":\"wav\",\"data\":\"https://example.org/a.wav\"}}]} | messages[0].content[0].input_audio.data",
            })
    void aMessageThatCannotBeReadIsNamed(String messages, String param) {
        Wire.Said said = wire.post(CHAT, "{\"model\":\"" + Running.MODEL + "\",\"messages\":[" + messages + "]}");

        assertThat(said.status()).as(said.text()).isEqualTo(400);
        assertThat(said.param()).as(said.text()).isEqualTo(param);
        assertThat(said.message()).startsWith(param).doesNotContain("\n", "Exception");
    }

    @Test
    void anUnknownModelIsNotFound() {
        Wire.Said said = wire.post(CHAT, "{\"model\":\"gpt-4o\",\"messages\":[]}");

        assertThat(said.status()).isEqualTo(404);
        assertThat(said.code()).isEqualTo("model_not_found");
    }

    @Test
    void textIsTooLongBeforeItIsMadeTokens() {
        Wire.Said said = wire.post(CHAT, Wire.chat("\"" + "a ".repeat(5_000_000) + "\"", ""));

        assertThat(said.status()).isEqualTo(400);
        assertThat(said.param()).isEqualTo("messages");
        assertThat(said.message()).isEqualTo("messages: expected at most 1048576 characters of text, got 10000000");
    }

    @Test
    void textOfARefusalCountsToo() {
        String text = "a ".repeat(1_000_000);
        Wire.Said said = wire.post(
                CHAT,
                "{\"model\":\"" + Running.MODEL + "\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":"
                        + "\"assistant\",\"content\":[{\"type\":\"refusal\",\"refusal\":\"" + text
                        + "\"}]},{\"role\":\"user\",\"content\":\"b\"}]}");

        assertThat(said.status()).isEqualTo(400);
        assertThat(said.message()).isEqualTo("messages: expected at most 1048576 characters of text, got 2000002");
    }

    @Test
    void exitsOfAnyLengthAreRefusedInAShortLine() {
        String exit = "conf:1" + ",1".repeat(100_000) + ":0.5";
        Wire.Said said = wire.post(CHAT, Wire.chat("\"a\"", "\"sparrow\":{\"exit\":\"" + exit + "\"}"));

        assertThat(said.status()).isEqualTo(400);
        assertThat(said.message())
                .isEqualTo("sparrow.exit: expected exits such as even:6 or none, got a string of 200010 characters");
    }

    @Test
    void elevenMinutesAreTooLong() {
        byte[] wav = WavFile.bytes(new Waveform(new float[11 * 60 * 8000], 8000), SampleFormat.PCM16);
        String data = Base64.getEncoder().encodeToString(wav);

        Wire.Said said = wire.post(
                CHAT,
                Wire.chat(
                        "[{\"type\":\"input_audio\",\"input_audio\":{\"format\":\"wav\",\"data\":\"" + data + "\"}}]",
                        ""));

        assertThat(said.status()).isEqualTo(400);
        assertThat(said.message()).contains("600");
    }

    @Test
    void silenceIsNoQuestion() {
        byte[] wav = WavFile.bytes(new Waveform(new float[16_000], 16_000), SampleFormat.PCM16);
        String data = Base64.getEncoder().encodeToString(wav);

        Wire.Said said = wire.post(
                CHAT,
                Wire.chat(
                        "[{\"type\":\"input_audio\",\"input_audio\":{\"format\":\"wav\",\"data\":\"" + data + "\"}}]",
                        ""));

        assertThat(said.status()).isEqualTo(400);
        assertThat(said.message()).contains("silen");
    }

    @Test
    void aBodyThatIsNoObjectIsRefusedWhateverItIs() {
        for (String body : new String[] {"", "[]", "{", "nul", "{} {}", "1e400000000", "[".repeat(40), "\u0000"}) {
            Wire.Said said = wire.post(CHAT, body);

            assertThat(said.status()).as(body).isEqualTo(400);
            assertThat(said.code()).as(body).isEqualTo("invalid_json");
            assertThat(said.message()).as(body).doesNotContain("jackson").doesNotContain("Feature");
        }
    }

    @Test
    void aBodyOfMoreThan25MibIsTooLarge() {
        Wire.Said said = wire.send("POST", CHAT, new byte[(25 << 20) + 1], "content-type", "application/json");

        assertThat(said.status()).isEqualTo(413);
    }

    /** A connection that is closed on a sender is reset, and he never reads why. */
    @Test
    void whoReadsAfterAllIsSentReadsWhyItIsTooMuch() throws IOException {
        int length = (25 << 20) + (1 << 20);
        try (Socket socket = new Socket(
                running.server.address().getHost(), running.server.address().getPort())) {
            OutputStream out = socket.getOutputStream();
            String header = "POST " + CHAT + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: " + length + "\r\n\r\n";
            out.write(header.getBytes(StandardCharsets.US_ASCII));
            byte[] piece = new byte[1 << 18];
            for (int sent = 0; sent < length; sent += piece.length) out.write(piece);

            byte[] answer = socket.getInputStream().readNBytes(12);

            assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 413");
        }
    }

    @Test
    void aBodyOfAnotherTypeIsRefused() {
        assertThat(wire.send("POST", CHAT, new byte[2], "content-type", "text/plain")
                        .status())
                .isEqualTo(415);
    }
}
