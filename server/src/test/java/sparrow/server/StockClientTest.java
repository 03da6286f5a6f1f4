package sparrow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.core.http.HttpResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.audio.speech.SpeechCreateParams;
import com.openai.models.audio.transcriptions.Transcription;
import com.openai.models.audio.transcriptions.TranscriptionCreateParams;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartInputAudio;
import com.openai.models.chat.completions.ChatCompletionContentPartInputAudio.InputAudio;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.models.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sparrow.engine.decode.Limits;
import sparrow.models.Question;
import sparrow.models.pool.Answer;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.ReplyListener;
import sparrow.speech.wave.WavFile;

/** OpenAI's own client for Java as its users have it: with the names of OpenAI's models, and with text beside recordings. */
class StockClientTest {
    private static final Path RECORDING = Running.LFM2.resolve("wav/b_second24k.wav");
    private static final Limits LIMITS = new Limits(30, 20);

    private static Running bundled;
    private static Running mixing;
    private static OpenAIClient client;
    private static OpenAIClient mixingClient;

    @BeforeAll
    static void start() throws IOException {
        bundled = new Running();
        client = bundled.client();
        mixing = Running.lfm2(Running.OPTIONS, LIMITS);
        mixingClient = mixing.client();
    }

    @AfterAll
    static void stop() {
        mixing.close();
        bundled.close();
    }

    private static ChatCompletion ask(OpenAIClient asked, String model, ChatCompletionContentPart... parts) {
        return asked.chat()
                .completions()
                .create(ChatCompletionCreateParams.builder()
                        .model(model)
                        .maxCompletionTokens(LIMITS.newTokens())
                        .addUserMessageOfArrayOfContentParts(List.of(parts))
                        .build());
    }

    private static ChatCompletionContentPart text(String text) {
        return ChatCompletionContentPart.ofText(
                ChatCompletionContentPartText.builder().text(text).build());
    }

    private static ChatCompletionContentPart recording(Path file) {
        try {
            return ChatCompletionContentPart.ofInputAudio(ChatCompletionContentPartInputAudio.builder()
                    .inputAudio(InputAudio.builder()
                            .data(Base64.getEncoder().encodeToString(Files.readAllBytes(file)))
                            .format(InputAudio.Format.WAV)
                            .build())
                    .build());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String caution(Object sparrow) {
        return sparrow.toString().replaceFirst("^.*caution=([^,}]*, not [^,}]*).*$", "$1");
    }

    @Test
    void aChatWithAModelOfOpenAisIsAnsweredByTheServedOneWithACaution() {
        ChatCompletion completion = ask(client, "gpt-4o-audio-preview", recording(Running.example(1)));

        assertThat(completion.model()).isEqualTo(Running.MODEL);
        assertThat(caution(completion._allProperties().get("sparrow")))
                .isEqualTo("model: sparrow-tiny answers, not gpt-4o-audio-preview");
    }

    @Test
    void aModelOfOpenAisIsLookedUpAsTheServedOneWithACaution() {
        Model model = client.models().retrieve("gpt-realtime");

        assertThat(model.id()).isEqualTo(Running.MODEL);
        assertThat(caution(model._allProperties().get("sparrow")))
                .isEqualTo("model: sparrow-tiny answers, not gpt-realtime");
        assertThat(client.models()
                        .retrieve(Running.MODEL)
                        ._allProperties()
                        .get("sparrow")
                        .toString())
                .doesNotContain("caution");
    }

    @Test
    void anUnknownModelIsNotFound() {
        assertThatThrownBy(() -> ask(client, "gpt-4o", text("Hello."))).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> client.models().retrieve("gpt-4o")).isInstanceOf(NotFoundException.class);
    }

    @Test
    void aTranscriptionByWhisperIsMadeByTheServedModelWithACaution() {
        Transcription read = mixingClient
                .audio()
                .transcriptions()
                .create(TranscriptionCreateParams.builder()
                        .model("whisper-1")
                        .file(RECORDING)
                        .build())
                .asTranscription();

        assertThat(read.text()).isNotEmpty();
        assertThat(caution(read._allProperties().get("sparrow")))
                .isEqualTo("model: sparrow-tiny answers, not whisper-1");
    }

    @Test
    void speechByTts1IsMadeByTheServedModel() throws IOException {
        try (HttpResponse response = mixingClient
                .audio()
                .speech()
                .create(SpeechCreateParams.builder()
                        .model("tts-1")
                        .input("Good morning.")
                        .voice("alloy")
                        .responseFormat(SpeechCreateParams.ResponseFormat.WAV)
                        .build())) {
            assertThat(response.body().readNBytes(4)).asString().isEqualTo("RIFF");
        }
    }

    @Test
    void textBesideARecordingIsReadByAModelThatCanTakeIt() throws IOException {
        Question question = new Question.Mixed(List.of(
                new Question.Typed("What is this?"),
                new Question.Spoken(WavFile.read(RECORDING)),
                new Question.Typed("Tell me.")));
        Answer alone = new Conversation(
                        mixing.model, mixing.config().plan(), mixing.config().sampling(), LIMITS)
                .ask(question, ReplyListener.NONE);

        ChatCompletion completion =
                ask(mixingClient, Running.MODEL, text("What is this?"), recording(RECORDING), text("Tell me."));

        assertThat(completion.choices().getFirst().message().content()).hasValue(alone.text());
        assertThat(completion.usage().orElseThrow().promptTokens())
                .isEqualTo(alone.prompt().tokens().length);
    }

    @Test
    void textBesideARecordingIsRefusedByAModelThatWasNotTrainedSo() {
        assertThatThrownBy(() -> ask(client, Running.MODEL, text("Listen:"), recording(Running.example(1))))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("messages[0].content: expected text, or one recording");
    }

    @Test
    void emptyTextBesideARecordingSaysNothing() {
        ChatCompletion plain = ask(client, Running.MODEL, recording(Running.example(1)));

        ChatCompletion empty = ask(client, Running.MODEL, text(""), recording(Running.example(1)), text(" "));

        assertThat(empty.choices().getFirst().message().content())
                .isEqualTo(plain.choices().getFirst().message().content());
        assertThat(empty.usage().orElseThrow().promptTokens())
                .isEqualTo(plain.usage().orElseThrow().promptTokens());
    }
}
