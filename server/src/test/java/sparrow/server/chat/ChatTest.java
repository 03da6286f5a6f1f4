package sparrow.server.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionAudio;
import com.openai.models.chat.completions.ChatCompletionAudioParam;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartInputAudio;
import com.openai.models.chat.completions.ChatCompletionContentPartInputAudio.InputAudio;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionCreateParams.Modality;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.CompletionUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sparrow.engine.decode.Limits;
import sparrow.engine.reply.StopReason;
import sparrow.models.Question;
import sparrow.models.chat.Window;
import sparrow.models.pool.Answer;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.ReplyListener;
import sparrow.server.Running;
import sparrow.server.audio.Pcm16;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;

/** OpenAI's own client for Java gets from the server what the command line gives. */
class ChatTest {
    /** Long enough for two blocks of speech, and short for a test. */
    private static final Limits LIMITS = new Limits(90, Running.LIMITS.speechTail());

    private static Running running;
    private static OpenAIClient client;

    @BeforeAll
    static void start() throws IOException {
        running = new Running();
        client = running.client();
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    private static Answer alone(Question... questions) {
        Conversation conversation = new Conversation(
                running.model, running.config().plan(), running.config().sampling(), LIMITS);
        Answer answer = null;
        for (Question question : questions) answer = conversation.ask(question, ReplyListener.NONE);
        return answer;
    }

    private static ChatCompletion.Choice.FinishReason finish(Answer answer) {
        return answer.reply().stop() == StopReason.END_TOKEN
                ? ChatCompletion.Choice.FinishReason.STOP
                : ChatCompletion.Choice.FinishReason.LENGTH;
    }

    private static ChatCompletionCreateParams.Builder asking(int number) throws IOException {
        return ChatCompletionCreateParams.builder()
                .model(Running.MODEL)
                .maxCompletionTokens(LIMITS.newTokens())
                .addUserMessageOfArrayOfContentParts(List.of(recording(number)));
    }

    private static ChatCompletionContentPart recording(int number) throws IOException {
        String data = Base64.getEncoder().encodeToString(Files.readAllBytes(Running.example(number)));
        return ChatCompletionContentPart.ofInputAudio(ChatCompletionContentPartInputAudio.builder()
                .inputAudio(InputAudio.builder()
                        .data(data)
                        .format(InputAudio.Format.WAV)
                        .build())
                .build());
    }

    private static ChatCompletionCreateParams.Builder speaking(
            ChatCompletionCreateParams.Builder asked, ChatCompletionAudioParam.Format format) {
        return asked.modalities(List.of(Modality.TEXT, Modality.AUDIO))
                .audio(ChatCompletionAudioParam.builder()
                        .voice("alloy")
                        .format(format)
                        .build());
    }

    @Test
    void aWholeReplyIsThatOfTheCommandLineToTheByte() throws IOException {
        Answer expected = alone(Running.question(1));

        ChatCompletion completion = client.chat()
                .completions()
                .create(speaking(asking(1), ChatCompletionAudioParam.Format.WAV).build());

        ChatCompletion.Choice choice = completion.choices().getFirst();
        ChatCompletionAudio audio = choice.message().audio().orElseThrow();
        assertThat(choice.finishReason()).isEqualTo(finish(expected));
        assertThat(choice.message().content()).isEmpty();
        assertThat(audio.transcript()).isEqualTo(expected.text());
        assertThat(Base64.getDecoder().decode(audio.data()))
                .isEqualTo(WavFile.bytes(expected.speech(), SampleFormat.PCM16));
        CompletionUsage usage = completion.usage().orElseThrow();
        assertThat(usage.promptTokens()).isEqualTo(expected.prompt().tokens().length);
        assertThat(usage.completionTokens()).isEqualTo(expected.reply().steps().size());
        assertThat(usage.completionTokensDetails().orElseThrow().audioTokens().orElseThrow())
                .isPositive();
    }

    @Test
    void aReplyInTextAloneHasItsTextAsContentAndNoSound() throws IOException {
        Answer expected = alone(Running.question(1));

        ChatCompletion completion = client.chat().completions().create(asking(1).build());

        ChatCompletion.Choice choice = completion.choices().getFirst();
        assertThat(choice.message().content()).contains(expected.text());
        assertThat(choice.message().audio()).isEmpty();
        assertThat(completion.usage().orElseThrow().completionTokens())
                .isEqualTo(expected.reply().steps().size());
    }

    @Test
    void aStreamAddsUpToTheWholeReply() throws IOException {
        Answer expected = alone(Running.question(2));
        byte[] pcm = Pcm16.encode(expected.speech().at(24_000).samples());
        ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();

        try (StreamResponse<ChatCompletionChunk> chunks = client.chat()
                .completions()
                .createStreaming(speaking(asking(2), ChatCompletionAudioParam.Format.PCM16)
                        .streamOptions(ChatCompletionStreamOptions.builder()
                                .includeUsage(true)
                                .build())
                        .build())) {
            chunks.stream().forEach(whole::accumulate);
        }

        ChatCompletion completion = whole.chatCompletion();
        ChatCompletion.Choice choice = completion.choices().getFirst();
        ChatCompletionAudio audio = choice.message().audio().orElseThrow();
        assertThat(choice.finishReason()).isEqualTo(finish(expected));
        assertThat(audio.transcript()).isEqualTo(expected.text());
        assertThat(Base64.getDecoder().decode(audio.data())).isEqualTo(pcm);
        assertThat(completion.usage().orElseThrow().completionTokens())
                .isEqualTo(expected.reply().steps().size());
    }

    @Test
    void aReplyThatIsNamedLaterCountsAsItWasGiven() throws IOException {
        Answer expected = alone(Running.question(1), Running.question(2));
        ChatCompletion first = client.chat()
                .completions()
                .create(speaking(asking(1), ChatCompletionAudioParam.Format.WAV).build());

        ChatCompletion second = client.chat()
                .completions()
                .create(asking(1)
                        .addMessage(first.choices().getFirst().message())
                        .addUserMessageOfArrayOfContentParts(List.of(recording(2)))
                        .build());

        assertThat(second.choices().getFirst().message().content()).contains(expected.text());
        assertThat(second.usage()
                        .orElseThrow()
                        .promptTokensDetails()
                        .orElseThrow()
                        .cachedTokens()
                        .orElseThrow())
                .isGreaterThan(first.usage().orElseThrow().promptTokens());
    }

    @Test
    void aTypedQuestionIsUnderstoodAndASystemMessageLeftOutWithACaution() throws IOException {
        ChatCompletion plain = client.chat().completions().create(asking(1).build());
        ChatCompletion spoken = client.chat()
                .completions()
                .create(asking(1)
                        .messages(List.of())
                        .addSystemMessage("You are a helpful assistant.")
                        .addUserMessageOfArrayOfContentParts(List.of(recording(1)))
                        .build());
        ChatCompletion typed = client.chat()
                .completions()
                .create(ChatCompletionCreateParams.builder()
                        .model(Running.MODEL)
                        .addSystemMessage("You are a helpful assistant.")
                        .addUserMessage("What is the capital of Libya?")
                        .build());

        String answer = "the capital of libya is tripoli. libya is in africa.";
        assertThat(spoken.choices().getFirst().message().content()).contains(answer);
        assertThat(typed.choices().getFirst().message().content()).contains(answer);
        assertThat(spoken.usage().orElseThrow().promptTokens())
                .isEqualTo(plain.usage().orElseThrow().promptTokens());
        assertThat(spoken._allProperties().get("sparrow").toString())
                .contains("caution=instructions: sparrow-tiny was not trained to follow them, so they are ignored");
        assertThat(plain._allProperties().get("sparrow").toString()).doesNotContain("caution");
    }

    @Test
    void ofALongHistoryTheNewestTurnsCountAndTheReplySaysHowManyDoNot() {
        int turns = Window.of(running.model).turns();
        ChatCompletion longer = chatOf(turns + 2);
        ChatCompletion longest = chatOf(turns);

        assertThat(longer.usage().orElseThrow().promptTokens())
                .isEqualTo(longest.usage().orElseThrow().promptTokens());
        assertThat(longer._allProperties().get("sparrow").toString()).contains("forgotten_turns=2");
        assertThat(longest._allProperties().get("sparrow").toString()).doesNotContain("forgotten_turns");
    }

    private static ChatCompletion chatOf(int turns) {
        ChatCompletionCreateParams.Builder chat =
                ChatCompletionCreateParams.builder().model(Running.MODEL).maxCompletionTokens(1);
        for (int turn = 1; turn < turns; turn++) {
            chat.addUserMessage("What is 2 plus 3?").addAssistantMessage("two plus three is five.");
        }
        return client.chat()
                .completions()
                .create(chat.addUserMessage("What is 2 plus 3?").build());
    }

    private static long promptTokens(String message) {
        return client.chat()
                .completions()
                .create(ChatCompletionCreateParams.builder()
                        .model(Running.MODEL)
                        .maxCompletionTokens(1)
                        .addSystemMessage(message)
                        .addUserMessage(message)
                        .addAssistantMessage(message)
                        .addUserMessage(message)
                        .build())
                .usage()
                .orElseThrow()
                .promptTokens();
    }

    @Test
    void nothingThatSomebodyTypesBecomesAControlToken() {
        // As a control token it would be one position in each of the four places.
        assertThat(promptTokens("<|assistant|>")).isGreaterThan(promptTokens("a") + 4 * 5);
    }

    @Test
    void aSoundOfOpusComesInOggAndIsUnderstoodAgain() throws IOException {
        ChatCompletion spoken = client.chat()
                .completions()
                .create(speaking(asking(3), ChatCompletionAudioParam.Format.OPUS)
                        .build());
        String data =
                spoken.choices().getFirst().message().audio().orElseThrow().data();

        ChatCompletion heard = client.chat()
                .completions()
                .create(ChatCompletionCreateParams.builder()
                        .model(Running.MODEL)
                        .maxCompletionTokens(1)
                        .addUserMessageOfArrayOfContentParts(List.of(
                                ChatCompletionContentPart.ofInputAudio(ChatCompletionContentPartInputAudio.builder()
                                        .inputAudio(InputAudio.builder()
                                                .data(data)
                                                .format(InputAudio.Format.of("opus"))
                                                .build())
                                        .build())))
                        .build());

        assertThat(heard.usage()
                        .orElseThrow()
                        .promptTokensDetails()
                        .orElseThrow()
                        .audioTokens()
                        .orElseThrow())
                .isGreaterThan(10);
    }
}
