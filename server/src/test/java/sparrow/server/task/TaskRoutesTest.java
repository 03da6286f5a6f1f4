package sparrow.server.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.client.OpenAIClient;
import com.openai.core.http.HttpResponse;
import com.openai.core.http.StreamResponse;
import com.openai.models.audio.AudioResponseFormat;
import com.openai.models.audio.speech.SpeechCreateParams;
import com.openai.models.audio.transcriptions.Transcription;
import com.openai.models.audio.transcriptions.TranscriptionCreateParams;
import com.openai.models.audio.transcriptions.TranscriptionStreamEvent;
import com.openai.models.audio.transcriptions.TranscriptionVerbose;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.chat.Window;
import sparrow.models.pool.Answer;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.ReplyListener;
import sparrow.server.Running;
import sparrow.server.Socketed;
import sparrow.server.Wire;
import sparrow.server.audio.ChatFormat;
import sparrow.server.metrics.FinishedReply;
import sparrow.server.metrics.FinishedReply.Ending;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** Transcriptions and speech by the tiny random checkpoint of LFM2.5-Audio, as the commands of the same name make them. */
class TaskRoutesTest {
    private static final String TRANSCRIPTIONS = "/v1/audio/transcriptions";
    private static final String SPEECH = "/v1/audio/speech";
    private static final Path RECORDING = Running.LFM2.resolve("wav/b_second24k.wav");
    private static final String TEXT = "Good morning.";
    private static final List<FinishedReply> FINISHED = java.util.Collections.synchronizedList(new ArrayList<>());

    private static Running running;
    private static Wire wire;
    private static OpenAIClient client;

    @BeforeAll
    static void start() throws IOException {
        running = Running.lfm2(Running.OPTIONS.withLog(FINISHED::add), Limits.newTokens(60));
        wire = new Wire(running.server.address());
        client = running.client();
    }

    @AfterAll
    static void stop() {
        wire.close();
        running.close();
    }

    @AfterEach
    void thePoolIsFree() {
        running.pauseAfter(Integer.MAX_VALUE);
        Wire.until(() ->
                running.pool.status().active() == 0 && running.pool.status().kvReserved() == 0);
        FINISHED.clear();
    }

    /** The answer without a server. */
    private static Answer alone(SpokenModel task, Question question) {
        GenerationConfig served = running.config();
        GenerationConfig config = new GenerationConfig(served.plan(), task.defaultSampling(), served.limits());
        return new Conversation(task, config, Window.of(task)).ask(question, ReplyListener.NONE);
    }

    private static Answer transcribed() throws IOException {
        return alone(running.model.transcriber(), new Question.Spoken(WavFile.read(RECORDING)));
    }

    private static TranscriptionCreateParams.Builder recording() {
        return TranscriptionCreateParams.builder().model(Running.MODEL).file(RECORDING);
    }

    @Test
    void theOfficialClientReadsATranscription() throws IOException {
        Answer alone = transcribed();
        assertThat(alone.text()).isNotEmpty();

        Transcription read =
                client.audio().transcriptions().create(recording().build()).asTranscription();

        assertThat(read.text()).isEqualTo(alone.text());
        assertThat(read.usage().orElseThrow().asTokens().outputTokens())
                .isEqualTo(alone.reply().steps().size());
        assertThat(read.usage().orElseThrow().asTokens().inputTokens())
                .isEqualTo(alone.prompt().tokens().length);
    }

    @Test
    void theOfficialClientReadsOneWithoutTimes() throws IOException {
        TranscriptionVerbose read = client.audio()
                .transcriptions()
                .create(recording()
                        .responseFormat(AudioResponseFormat.VERBOSE_JSON)
                        .build())
                .asVerbose();

        assertThat(read.text()).isEqualTo(transcribed().text());
        assertThat(read.duration()).isEqualTo(WavFile.read(RECORDING).seconds());
    }

    @Test
    void theOfficialClientReadsItWhileItIsBeingMade() throws IOException {
        StringBuilder deltas = new StringBuilder();
        List<String> done = new ArrayList<>();
        try (StreamResponse<TranscriptionStreamEvent> events =
                client.audio().transcriptions().createStreaming(recording().build())) {
            events.stream().forEach(event -> {
                event.transcriptTextDelta().ifPresent(delta -> deltas.append(delta.delta()));
                event.transcriptTextDone().ifPresent(end -> done.add(end.text()));
            });
        }

        assertThat(done).containsExactly(transcribed().text());
        assertThat(deltas).hasToString(done.getFirst());
    }

    @Test
    void textAloneIsPlain() throws IOException {
        Wire.Said said = wire.form(TRANSCRIPTIONS, RECORDING, "model", Running.MODEL, "response_format", "text");

        assertThat(said.text()).isEqualTo(transcribed().text() + "\n");
        assertThat(said.headers().firstValue("content-type")).hasValue("text/plain; charset=utf-8");
    }

    @Test
    void theDepthOfATranscriptionIsTold() throws IOException {
        JsonNode sparrow = wire.form(TRANSCRIPTIONS, RECORDING, "model", Running.MODEL)
                .json()
                .path("sparrow");

        assertThat(sparrow.path("trace").asText())
                .hasSize(transcribed().reply().steps().size())
                .startsWith("T");
        assertThat(sparrow.path("layers").asInt())
                .isEqualTo(running.model.languageModel().layers());
    }

    @Tag("full")
    @Test
    void aRecordingMayBeOpus() throws IOException {
        Waveform sound = WavFile.read(RECORDING);
        var encoder = ChatFormat.OPUS.encoder(sound.sampleRateHz());
        ByteArrayOutputStream opus = new ByteArrayOutputStream();
        opus.writeBytes(encoder.accept(sound.samples()));
        opus.writeBytes(encoder.finish());

        Wire.Said said = wire.form(TRANSCRIPTIONS, opus.toByteArray(), "model", Running.MODEL);

        Waveform heard = ChatFormat.OPUS.open(opus.toByteArray(), 600).decode();
        assertThat(said.json().path("text").asText())
                .isEqualTo(alone(running.model.transcriber(), new Question.Spoken(heard))
                        .text());
    }

    private static byte[] spoken(String voice, String more) {
        return wire.bytes(SPEECH, speech(voice, more));
    }

    private static String speech(String voice, String more) {
        return "{\"model\":\"" + Running.MODEL + "\",\"input\":\"" + TEXT + "\",\"voice\":" + voice + more + "}";
    }

    @ParameterizedTest
    @CsvSource({"uk-male, uk-male", "alloy, us-female"})
    void theOfficialClientGetsTheFileOfTheCommandLine(String voice, String stands) throws IOException {
        Answer alone = alone(running.model.reader(stands), new Question.Typed(TEXT));
        assertThat(alone.speech().samples()).isNotEmpty();

        try (HttpResponse response = client.audio()
                .speech()
                .create(SpeechCreateParams.builder()
                        .model(Running.MODEL)
                        .input(TEXT)
                        .voice(voice)
                        .responseFormat(SpeechCreateParams.ResponseFormat.WAV)
                        .build())) {
            assertThat(response.headers().values("content-type")).containsExactly("audio/wav");
            assertThat(response.body().readAllBytes()).isEqualTo(WavFile.bytes(alone.speech(), SampleFormat.PCM16));
        }
    }

    @Test
    void bytesAndEventsAreTheSameSound() throws IOException {
        byte[] bytes = spoken("{\"id\":\"uk-male\"}", ",\"response_format\":\"pcm\"");
        Wire.Said said =
                wire.post(SPEECH, speech("\"uk-male\"", ",\"response_format\":\"pcm\",\"stream_format\":\"sse\""));

        Answer alone = alone(running.model.reader("uk-male"), new Question.Typed(TEXT));
        List<JsonNode> events = events(said.text());
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        StringBuilder base64 = new StringBuilder();
        for (JsonNode event : events.subList(0, events.size() - 1)) {
            assertThat(event.path("type").asText()).isEqualTo("speech.audio.delta");
            base64.append(event.path("audio").asText());
        }
        joined.writeBytes(Base64.getDecoder().decode(base64.toString()));
        assertThat(joined.toByteArray()).isEqualTo(bytes);
        // 16-bit samples at 24 kHz; a resampler holds back less than 10 ms.
        assertThat((double) bytes.length)
                .isBetween(
                        alone.speech().seconds() * 48_000 - 480, alone.speech().seconds() * 48_000 + 480);
        assertThat(events.getLast().path("type").asText()).isEqualTo("speech.audio.done");
        assertThat(events.getLast().path("usage").path("output_tokens").asInt())
                .isEqualTo(alone.reply().steps().size());
        assertThat(said.text()).endsWith("data: [DONE]\n\n");
    }

    /** The file is sent when it is complete, because its header contains its length. */
    @Test
    void aWavFileIsSentAsEvents() throws IOException {
        Wire.Said said = wire.post(SPEECH, speech("\"uk-male\"", ",\"stream_format\":\"sse\""));
        StringBuilder base64 = new StringBuilder();
        events(said.text()).forEach(event -> base64.append(event.path("audio").asText()));
        assertThat(Base64.getDecoder().decode(base64.toString())).isEqualTo(spoken("\"uk-male\"", ""));
    }

    /** LiveKit requests MP3 as events by default, and decodes a response by its content type. */
    @Test
    void aWavFileWithItsContentTypeReplacesMp3() {
        String mp3 = ",\"response_format\":\"mp3\",\"stream_format\":\"sse\"";
        assertThat(wire.post(SPEECH, speech("\"uk-male\"", mp3)).headers().firstValue("content-type"))
                .hasValue("audio/wav");
        assertThat(spoken("\"uk-male\"", mp3)).isEqualTo(spoken("\"uk-male\"", ""));
    }

    /** The Agents SDK sends instructions with every text. */
    @Test
    void instructionsOfAVoiceWithOneStyleAreIgnoredWithACaution() throws IOException {
        String instructions = ",\"instructions\":\"Whisper.\"";
        Wire.Said said = wire.post(
                SPEECH, speech("\"uk-male\"", instructions + ",\"response_format\":\"pcm\",\"stream_format\":\"sse\""));
        assertThat(events(said.text()).getLast().at("/sparrow/caution").asText())
                .isEqualTo("instructions: voices have only one style, so they are ignored");
        assertThat(spoken("\"uk-male\"", instructions)).isEqualTo(spoken("\"uk-male\"", ""));
    }

    @Test
    void opusIsSpokenInOgg() {
        byte[] opus = spoken("\"uk-male\"", ",\"response_format\":\"opus\"");

        Answer alone = alone(running.model.reader("uk-male"), new Question.Typed(TEXT));
        assertThat(ChatFormat.OPUS.open(opus, 600).decode().seconds())
                .isBetween(alone.speech().seconds() - 0.01, alone.speech().seconds() + 0.1);
    }

    private static List<JsonNode> events(String text) throws IOException {
        List<JsonNode> events = new ArrayList<>();
        for (String line : text.split("\n")) {
            if (line.startsWith("data: {")) events.add(new ObjectMapper().readTree(line.substring(6)));
        }
        return events;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model=gpt-4o                     | model_not_found       | model",
                "response_format=srt              | invalid_value         | response_format",
                "prompt=Names.                    | unsupported_parameter | prompt",
                "stream=perhaps                   | invalid_value         | stream",
                "temperature=2                    | invalid_value         | temperature",
                "temperature=warm                 | invalid_value         | temperature",
                "timestamp_granularities[]=word   | unsupported_parameter | timestamp_granularities[]",
                "include[]=logprobs               | unsupported_parameter | include[]",
                "chunking_strategy=auto           | unsupported_parameter | chunking_strategy",
                "tempo=1                          | unknown_parameter     | tempo"
            })
    void aTranscriptionThatCannotBeIsRefusedByName(String field, String code, String param) {
        String[] one = field.split("=", 2);
        String[] fields = one[0].equals("model") ? one : new String[] {"model", Running.MODEL, one[0], one[1]};

        Wire.Said said = wire.form(TRANSCRIPTIONS, RECORDING, fields);

        assertThat(said.status()).as(said.text()).isIn(400, 404);
        assertThat(said.code()).isEqualTo(code);
        assertThat(said.param()).isEqualTo(param);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"input\":\"a\",\"voice\":\"alloy\"}                         | missing_required_parameter | model",
                "{\"model\":\"sparrow-tiny\",\"voice\":\"alloy\"}              | missing_required_parameter | input",
                "{\"model\":\"sparrow-tiny\",\"input\":\"a\"}                  | missing_required_parameter | voice",
                "{\"model\":\"tts-9\",\"input\":\"a\",\"voice\":\"alloy\"}     | model_not_found            | model"
            })
    void speechWithoutWhatItNeedsIsRefusedByName(String body, String code, String param) {
        Wire.Said said = wire.post(SPEECH, body);

        assertThat(said.code()).as(said.text()).isEqualTo(code);
        assertThat(said.param()).isEqualTo(param);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"de-male\" |                                | invalid_value         | voice",
                "7           |                                | invalid_value         | voice",
                "\"alloy\"   | ,\"speed\":2                    | invalid_value         | speed",
                "\"alloy\"   | ,\"response_format\":\"flac\"  | invalid_value         | response_format",
                "\"alloy\"   | ,\"tempo\":1                    | unknown_parameter     | tempo"
            })
    void speechThatCannotBeIsRefusedByName(String voice, String more, String code, String param) {
        Wire.Said said = wire.post(SPEECH, speech(voice, more == null ? "" : more));

        assertThat(said.status()).isEqualTo(400);
        assertThat(said.code()).as(said.text()).isEqualTo(code);
        assertThat(said.param()).isEqualTo(param);
    }

    @Test
    void tooLongATextIsRefused() {
        Wire.Said said = wire.post(SPEECH, speech("\"alloy\"", "").replace(TEXT, "a".repeat(4097)));

        assertThat(said.message()).isEqualTo("input: expected at most 4096 characters, got 4097");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nothing",
                "--b\r\n",
                "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nsparrow-tiny",
                "--b\r\nContent-Disposition: form-data\r\n\r\nsparrow-tiny\r\n--b--\r\n",
                "--b\r\nno header\r\n\r\nsparrow-tiny\r\n--b--\r\n"
            })
    void aDamagedFormIsRefused(String body) {
        Wire.Said said = wire.send(
                "POST",
                TRANSCRIPTIONS,
                body.getBytes(StandardCharsets.UTF_8),
                "content-type",
                "multipart/form-data; boundary=b");

        assertThat(said.status()).as(said.text()).isEqualTo(400);
        assertThat(said.code()).isIn("invalid_form", "missing_required_parameter");
    }

    /** Jetty's own reader of a text fails with another exception, and writes a warning of its promise into the log. */
    @ParameterizedTest
    @ValueSource(strings = {"text/plain; charset=utf-8", "text/plain", "text/plain; charset=no-such-charset"})
    void aTextThatIsNotUtf8IsRefused(String type) {
        String body = "--b\r\nContent-Disposition: form-data; name=\"language\"\r\nContent-Type: " + type
                + "\r\n\r\n\u00d4\r\n--b--\r\n";

        Wire.Said said = wire.send(
                "POST", TRANSCRIPTIONS, body.getBytes(StandardCharsets.ISO_8859_1), "content-type", Wire.FORM);

        assertThat(said.status()).as(said.text()).isEqualTo(400);
        assertThat(said.message()).isEqualTo("body: expected UTF-8 in part language, found other bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"charset=utf-8", "boundary", "boundary=", "boundary=\"", "boundary=\"b", "boundary=;"})
    void aDamagedBoundaryIsRefused(String parameter) {
        Wire.Said said =
                wire.send("POST", TRANSCRIPTIONS, new byte[9], "content-type", "multipart/form-data; " + parameter);

        assertThat(said.code()).as(said.text()).isEqualTo("invalid_form");
    }

    @Test
    void aFormOfTooManyPartsIsRefused() {
        String[] fields = new String[2 * 70];
        for (int i = 0; i < 70; i++) {
            fields[2 * i] = "field" + i;
            fields[2 * i + 1] = "";
        }

        assertThat(wire.form(TRANSCRIPTIONS, RECORDING, fields).code()).isEqualTo("invalid_form");
    }

    @Test
    void anUploadWithoutASoundIsRefused() {
        Wire.Said none = wire.form(TRANSCRIPTIONS, new byte[0], "model", Running.MODEL);
        Wire.Said text = wire.form(TRANSCRIPTIONS, TEXT.getBytes(StandardCharsets.UTF_8), "model", Running.MODEL);
        Wire.Said half = wire.form(TRANSCRIPTIONS, "RIFF".getBytes(StandardCharsets.UTF_8), "model", Running.MODEL);
        Wire.Said twice = wire.form(TRANSCRIPTIONS, RECORDING, "model", Running.MODEL, "model", Running.MODEL);
        Wire.Said json = wire.post(TRANSCRIPTIONS, "{}");
        Wire.Said unbounded = wire.send("POST", TRANSCRIPTIONS, new byte[9], "content-type", "multipart/form-data");

        assertThat(none.param()).isEqualTo("file");
        assertThat(text.message()).isEqualTo("file: expected WAV or Opus in Ogg, found another format");
        assertThat(half.message()).startsWith("file: ");
        assertThat(twice.message()).isEqualTo("body: expected each name once, found two parts model");
        assertThat(json.status()).isEqualTo(415);
        assertThat(unbounded.code()).isEqualTo("invalid_form");
    }

    @Test
    void anUploadIsBoundedAsOtherBodiesAre() {
        Wire.Said said = wire.form(TRANSCRIPTIONS, new byte[26 << 20], "model", Running.MODEL);

        assertThat(said.status()).isEqualTo(413);
    }

    @Test
    void aClientThatGoesAwayFreesThePlace() throws IOException {
        running.pauseAfter(5);
        Socketed listener = new Socketed(running.server.address())
                .post(SPEECH, speech("\"uk-male\"", ",\"response_format\":\"pcm\",\"stream_format\":\"sse\""));
        Wire.until(() -> running.pool.status().active() == 1);

        listener.close();

        Wire.until(() -> running.pool.status().active() == 0);
        assertThat(FINISHED).extracting(FinishedReply::ending).containsExactly(Ending.DISCONNECTED);
    }

    @Test
    void aConversationBesideTasksIsTheSame() throws Exception {
        String chat = Wire.chat("\"hello\"", "\"max_tokens\":30");
        String before = wire.post("/v1/chat/completions", chat)
                .json()
                .at("/choices/0/message/content")
                .asText();
        String transcript = transcribed().text();
        List<Thread> others = new ArrayList<>();
        List<String> heard = java.util.Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 3; i++) {
            others.add(Thread.ofVirtual()
                    .start(() -> heard.add(wire.form(TRANSCRIPTIONS, RECORDING, "model", Running.MODEL)
                            .json()
                            .path("text")
                            .asText())));
        }

        String after = wire.post("/v1/chat/completions", chat)
                .json()
                .at("/choices/0/message/content")
                .asText();

        for (Thread other : others) other.join();
        assertThat(after).isEqualTo(before);
        assertThat(heard).hasSize(3).containsOnly(transcript);
        assertThat(wire.get("/metrics").text())
                .contains("sparrow_requests_total{api=\"transcriptions\",model=\"" + Running.MODEL + "\"");
    }
}
