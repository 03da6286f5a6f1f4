package sparrow.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.audio.Audio;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.AudioContent;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageDeserializer;
import dev.langchain4j.data.message.ChatMessageSerializer;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sparrow.models.pool.Answer;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.ConversationPool;
import sparrow.models.pool.PoolOptions;
import sparrow.models.pool.ReplyListener;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;

/** The bundled model, asked by LangChain4j, answers what it answers alone. */
class SparrowChatModelTest {
    private static BundledModel bundled;
    private static ConversationPool pool;
    private static SparrowChatModel chat;

    @BeforeAll
    static void open() throws Exception {
        bundled = new BundledModel();
        pool = new ConversationPool(bundled.model(), PoolOptions.DEFAULT);
        chat = new SparrowChatModel(pool);
    }

    @AfterAll
    static void close() {
        pool.close();
        bundled.close();
    }

    private static Answer alone(int... questions) throws Exception {
        Conversation conversation = bundled.conversation();
        Answer answer = null;
        for (int number : questions) answer = conversation.ask(BundledModel.question(number), ReplyListener.NONE);
        return answer;
    }

    @Test
    void aRecordingIsAnsweredWithTheTextAndTheWavOfAConversationAlone() throws Exception {
        Answer expected = alone(1);

        ChatResponse response = chat.chat(UserMessage.from(BundledModel.recording(1)));

        assertThat(response.aiMessage().text()).isEqualTo(expected.text());
        assertThat(response.aiMessage().audios())
                .singleElement()
                .satisfies(audio -> assertThat(audio.mimeType()).isEqualTo("audio/wav"))
                .satisfies(audio ->
                        assertThat(audio.binaryData()).isEqualTo(WavFile.bytes(expected.speech(), SampleFormat.PCM16)));
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(response.modelName()).isEqualTo(bundled.model().name());
        assertThat(response.tokenUsage().inputTokenCount())
                .isEqualTo(expected.prompt().tokens().length);
        assertThat(response.tokenUsage().outputTokenCount())
                .isEqualTo(expected.reply().steps().size());
        assertThat(chat.provider()).isEqualTo(ModelProvider.OTHER);
    }

    @Tag("full")
    @Test
    void aLaterTurnFollowsTheIdsThatWereKeptEvenAfterAMemoryStoredThemAsJson() throws Exception {
        Answer expected = alone(1, 2);
        UserMessage first = UserMessage.from(BundledModel.recording(1));
        AiMessage answer = chat.chat(first).aiMessage();
        UserMessage second = UserMessage.from(BundledModel.recording(2));
        List<ChatMessage> stored = ChatMessageDeserializer.messagesFromJson(
                ChatMessageSerializer.messagesToJson(List.of(first, answer, second)));

        assertThat(chat.chat(first, answer, second).aiMessage().text()).isEqualTo(expected.text());
        AiMessage fromMemory = chat.chat(stored).aiMessage();

        assertThat(fromMemory.audios().getFirst().binaryData())
                .isEqualTo(WavFile.bytes(expected.speech(), SampleFormat.PCM16));
    }

    @Test
    void anEditedReplyCountsAsItsTextAndNotAsTheUnitsThatWereKept() {
        AiMessage answer =
                chat.chat(UserMessage.from(BundledModel.recording(1))).aiMessage();
        AiMessage edited = answer.withText("the capital");
        List<Integer> nonsense = List.of(-1, 1 << 30);

        assertThat(StoredUnits.units(bundled.model(), answer)).hasSizeGreaterThan(30);
        assertThat(StoredUnits.units(bundled.model(), edited))
                .isEqualTo(bundled.model().replyUnits("the capital"));
        assertThat(StoredUnits.units(
                        bundled.model(),
                        AiMessage.builder()
                                .text("libya")
                                .attributes(java.util.Map.of(StoredUnits.UNITS_KEY, nonsense))
                                .build()))
                .isEqualTo(bundled.model().replyUnits("libya"));
    }

    @Test
    void typedTextAndASystemMessageAreAnswered() {
        ChatResponse response =
                chat.chat(SystemMessage.from("Be brief."), UserMessage.from("what is the capital of libya?"));

        assertThat(response.aiMessage().text()).isNotBlank();
        assertThat(response.tokenUsage().inputTokenCount()).isPositive();
    }

    @Test
    void aLimitOfTokensIsObeyedAndReported() {
        ChatResponse response = chat.chat(ChatRequest.builder()
                .messages(UserMessage.from(BundledModel.recording(1)))
                .maxOutputTokens(10)
                .build());

        assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(10);
        assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void aRecordingThatWasHeardLatelyIsNotEncodedAgain() {
        Questions questions = new Questions(bundled.model());
        Audio once = BundledModel.recording(3).audio();
        Audio again = Audio.builder()
                .binaryData(Base64.getDecoder().decode(once.base64Data()))
                .build();

        assertThat(questions.of(again))
                .isSameAs(questions.of(once))
                .isNotSameAs(questions.of(BundledModel.recording(4).audio()));
    }

    @Tag("full")
    @Test
    void speechToSpeechGivesTheSameSoundAndItsWords() throws Exception {
        Answer expected = alone(2);
        SpeechToSpeechModel model = new SparrowSpeechToSpeechModel(pool);
        Audio question = BundledModel.recording(2).audio();

        SpeechToSpeechResponse response = model.generate(SpeechToSpeechRequest.of(question));

        assertThat(response.transcript()).contains(expected.text());
        assertThat(response.audio().binaryData()).isEqualTo(WavFile.bytes(expected.speech(), SampleFormat.PCM16));
        assertThat(model.provider()).isEqualTo(ModelProvider.OTHER);
        assertThatThrownBy(() -> model.generate(new SpeechToSpeechRequest(
                        question, java.util.Optional.empty(), java.util.Optional.of("alloy"))))
                .isInstanceOf(UnsupportedFeatureException.class)
                .hasMessage("voice: expected default, got alloy");
    }

    @Test
    void contentThatTheModelHasNotIsRefusedInOneLine() {
        TextContent text = TextContent.from("listen");
        refuses(UserMessage.from(ImageContent.from(URI.create("https://example.org/a.png"))))
                .isInstanceOf(UnsupportedFeatureException.class)
                .hasMessage("user message: expected one recording or text, got IMAGE");
        refuses(UserMessage.from(text, BundledModel.recording(1)))
                .isInstanceOf(UnsupportedFeatureException.class)
                .hasMessage("user message: expected one recording or text, got TEXT and AUDIO");
        refuses(UserMessage.from(AudioContent.from(URI.create("https://example.org/a.wav"))))
                .isInstanceOf(UnsupportedFeatureException.class)
                .hasMessageContaining("expected the recording itself, got the URL https://example.org/a.wav");
        refuses(UserMessage.from(AudioContent.from("AAAA", "audio/mpeg")))
                .isInstanceOf(UnsupportedFeatureException.class)
                .hasMessage("audio: expected audio/wav, got audio/mpeg");
        refuses(UserMessage.from(AudioContent.from("not base64!", "audio/wav")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("audio: expected base64");
        refuses(UserMessage.from(AudioContent.from("AAAA", "audio/wav")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("user message: ");
        refuses(UserMessage.from(AudioContent.from(BundledModel.silence(), "audio/wav")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("silence");
    }

    @Test
    void messagesThatDoNotComeInTurnAreRefusedInOneLine() {
        UserMessage user = UserMessage.from("hello");
        AiMessage reply = AiMessage.from("hello");
        refuses(user, user).hasMessage("message 2: expected the model's reply between user messages");
        refuses(reply, user).hasMessage("message 1: expected a user message before the model's reply");
        refuses(user, reply).hasMessage("messages: expected a user message at the end");
        refuses(user, SystemMessage.from("be brief"))
                .hasMessage("message 2: expected a system message only at the beginning");
        refuses(user, ToolExecutionResultMessage.from("1", "clock", "noon"))
                .isInstanceOf(UnsupportedFeatureException.class)
                .hasMessage("message 2: expected system, user or model, got TOOL_EXECUTION_RESULT");
    }

    @Test
    void parametersThatTheModelCannotObeyAreRefusedInOneLine() {
        refuses(request()
                        .toolSpecifications(
                                ToolSpecification.builder().name("clock").build()))
                .isInstanceOf(UnsupportedFeatureException.class)
                .hasMessage("a spoken language model does not support tools");
        refuses(request().responseFormat(ResponseFormat.JSON)).isInstanceOf(UnsupportedFeatureException.class);
        refuses(request().stopSequences(List.of("stop"))).isInstanceOf(UnsupportedFeatureException.class);
        refuses(request().presencePenalty(1.0)).isInstanceOf(UnsupportedFeatureException.class);
        refuses(request().temperature(-1.0))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("temperature: expected 0 or more, got -1.0");
        refuses(request().modelName("gpt")).isInstanceOf(ModelNotFoundException.class);
    }

    @Test
    void aClosedPoolAnswersNobody() {
        ConversationPool closed = new ConversationPool(bundled.model(), PoolOptions.DEFAULT);
        closed.close();

        assertThatThrownBy(() -> new SparrowChatModel(closed).chat(UserMessage.from(BundledModel.recording(1))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void anInterruptedCallerLeavesNoReplyBehind() throws Exception {
        List<Throwable> failures = new ArrayList<>();
        Thread caller = Thread.ofPlatform().unstarted(() -> {
            Thread.currentThread().interrupt();
            try {
                chat.chat(UserMessage.from(BundledModel.recording(1)));
            } catch (RuntimeException e) {
                failures.add(e);
            }
            if (Thread.currentThread().isInterrupted()) failures.add(null);
        });

        caller.start();
        caller.join();

        assertThat(failures).hasSize(2);
        assertThat(failures.getFirst()).hasMessageContaining("interrupted");
    }

    private static ChatRequest.Builder request() {
        return ChatRequest.builder().messages(UserMessage.from("hello"));
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ?> refuses(ChatRequest.Builder request) {
        return assertThatThrownBy(() -> chat.chat(request.build()));
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ?> refuses(ChatMessage... messages) {
        return assertThatThrownBy(() -> chat.chat(messages));
    }
}
