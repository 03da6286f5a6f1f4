package sparrow.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.models.chat.ChatHistory;
import sparrow.models.pool.Answer;
import sparrow.models.pool.ConversationPool;
import sparrow.models.pool.PoolOptions;
import sparrow.models.pool.ReplyHandle;
import sparrow.models.pool.ReplyListener;
import sparrow.models.pool.ReplyOptions;
import sparrow.models.pool.SpeechMode;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;

/** The same answers piece by piece. */
class SparrowStreamingChatModelTest {
    private static BundledModel bundled;
    private static ConversationPool pool;
    private static SparrowStreamingChatModel chat;

    @BeforeAll
    static void open() throws Exception {
        bundled = new BundledModel();
        pool = new ConversationPool(bundled.model(), PoolOptions.DEFAULT);
        chat = new SparrowStreamingChatModel(pool);
    }

    @AfterAll
    static void close() {
        pool.close();
        bundled.close();
    }

    private static List<ChatMessage> question(int number) {
        return List.of(UserMessage.from(BundledModel.recording(number)));
    }

    @Test
    void piecesOfTextAndSoundJoinToTheWholeAnswer() throws Exception {
        Answer expected = bundled.conversation().ask(BundledModel.question(1), ReplyListener.NONE);
        Handler handler = new Handler();

        chat.chat(question(1), handler);

        ChatResponse response = handler.await().response;
        assertThat(handler.text.toString()).isEqualTo(expected.text());
        assertThat(handler.textPieces).isGreaterThan(3);
        assertThat(handler.samples()).isEqualTo(expected.speech().samples());
        assertThat(handler.chunks)
                .allSatisfy(chunk -> assertThat(chunk.sampleRateHz())
                        .isEqualTo(expected.speech().sampleRateHz()));
        assertThat(response.aiMessage().text()).isEqualTo(expected.text());
        assertThat(response.aiMessage().audios().getFirst().binaryData())
                .isEqualTo(WavFile.bytes(expected.speech(), SampleFormat.PCM16));
        assertThat(chat.provider()).isEqualTo(ModelProvider.OTHER);
    }

    @Test
    void aChunkIsAWavFileOfItsOwn() {
        AudioChunk chunk = new AudioChunk(new float[] {0, 0.5f, -0.5f, 0}, 8_000);

        assertThat(WavFile.read(chunk.wav(), java.nio.file.Path.of("chunk")).samples())
                .isEqualTo(new float[] {0, 0.5f, -0.5f, 0});
        assertThat(chunk.seconds()).isEqualTo(0.0005);
    }

    @Test
    void afterACancelTheHandlerHearsNothingMore() throws Exception {
        Handler handler = new Handler().cancellingAfter(2);

        chat.chat(question(1), handler);
        handler.awaitCancel();
        Handler next = new Handler();
        chat.chat(question(2), next);
        next.await();

        assertThat(handler.handle.isCancelled()).isTrue();
        assertThat(handler.textPieces).isEqualTo(2);
        assertThat(handler.response).isNull();
        assertThat(handler.failure).isNull();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCancelReachesThePoolWhetherOrNotItHasTheReplyAlready(boolean already) {
        AtomicInteger cancels = new AtomicInteger();
        ReplyHandle inPool = new ReplyHandle() {
            @Override
            public void cancel() {
                cancels.incrementAndGet();
            }

            @Override
            public boolean isOver() {
                return false;
            }
        };
        StreamedReply reply = new StreamedReply(bundled.model(), new Handler());

        if (already) reply.attach(inPool);
        reply.cancel();
        if (!already) reply.attach(inPool);

        assertThat(cancels).hasValue(1);
    }

    @Test
    void aSlowHandlerHoldsItsOwnReply() {
        StreamedReply reply = new StreamedReply(bundled.model(), new Handler());
        int pieces = 0;

        while (reply.isReady()) {
            reply.text("a");
            pieces++;
        }

        assertThat(pieces).isEqualTo(64);
    }

    @Test
    void whatIsWrongIsToldByOnError() throws Exception {
        Handler handler = new Handler();

        chat.chat(List.of(UserMessage.from("one"), UserMessage.from("two")), handler);

        assertThat(handler.await().failure)
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("message 2");
    }

    @Test
    void aHandlerThatThrowsHearsOfItOnceAndItsReplyIsWithdrawn() throws Exception {
        Handler handler = new Handler() {
            @Override
            public void onPartialResponse(String piece) {
                throw new IllegalStateException("no room for " + piece.length());
            }
        };

        chat.chat(question(1), handler);

        assertThat(handler.await().failure)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("no room");
        assertThat(handler.failures).isEqualTo(1);
    }

    @Test
    void aFullPoolIsARateLimit() throws Exception {
        PoolOptions tight = new PoolOptions(1, 0, 1L << 30, Duration.ofMillis(250), 1);
        try (ConversationPool full = new ConversationPool(bundled.model(), tight)) {
            Handler refused = new Handler();
            ReplyListener stalled = new ReplyListener() {
                @Override
                public boolean isReady() {
                    return false;
                }
            };
            ReplyOptions options = new ReplyOptions(full.model().defaultConfig(), SpeechMode.SILENT);
            full.ask(ChatHistory.of(BundledModel.question(1)), options, stalled);

            new SparrowStreamingChatModel(full).chat(question(1), refused);

            assertThat(refused.await().failure)
                    .isInstanceOf(RateLimitException.class)
                    .hasMessageContaining("busy");
        }
    }

    @Test
    void closingThePoolIsAnErrorForWhoeverStillListens() throws Exception {
        ConversationPool closing = new ConversationPool(bundled.model(), PoolOptions.DEFAULT);
        Handler handler = new Handler() {
            @Override
            public void onPartialResponse(String piece) {
                closing.close();
            }
        };

        new SparrowStreamingChatModel(closing).chat(question(1), handler);

        assertThat(handler.await().failure)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }
}
