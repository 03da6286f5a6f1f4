package sparrow.models.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.SkippedKv;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.StopReason;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.TestedDevice;
import sparrow.models.chat.ChatHistory;
import sparrow.models.chat.ChatTurn;
import sparrow.models.chat.TruncationStrategy;
import sparrow.models.chat.Window;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** Conversations of the bundled model that outgrow its context of 1024 positions, alone and in a pool. */
@Tag("stack")
@Tag("long")
class ForgettingTest {
    private static final int TURNS = 16;
    private static final int REPLY = 24;
    private static final int CONTEXT = 1024;

    private static ComputePool threads;
    private static SpokenModel model;
    private static final List<Question> QUESTIONS = new ArrayList<>();

    @BeforeAll
    static void open() throws IOException {
        threads = ComputePool.ofMachine();
        model = SpokenModels.bundled(TestedDevice.OPTIONS, Kernels.create(threads));
        for (int i = 1; i <= 8; i++) {
            QUESTIONS.add(model.encode(ConversationPoolTest.question(i)));
            // Long, and read in one pass: what fills a context takes little time.
            QUESTIONS.add(new Question.Typed(
                    "How many of these dogs are number %d? ".formatted(i).repeat(9)));
        }
    }

    @AfterAll
    static void close() {
        model.close();
        threads.close();
    }

    private static GenerationConfig config() {
        return new GenerationConfig(model.defaultPlan(), Sampling.GREEDY, new Limits(REPLY, REPLY));
    }

    /** What every reply says, whatever the model would: two of text, one of speech; or text, whose sound takes no time. */
    private static List<Unit> said(boolean speaks) {
        int[] words = Unit.ids(model.replyUnits("The quick brown fox jumps over the lazy dog. ".repeat(3)));
        int speech = model.languageModel().tokens().speechOffset();
        return IntStream.range(0, REPLY)
                .map(i -> speaks && i % 3 == 2 ? speech + 37 * i % 500 : words[i])
                .<Unit>mapToObj(Unit.Token::new)
                .toList();
    }

    private static ReplyOptions options(boolean speaks) {
        return new ReplyOptions(config(), SpeechMode.SILENT, said(speaks));
    }

    private static Question question(int turn) {
        return QUESTIONS.get(turn % QUESTIONS.size());
    }

    @Tag("full")
    @Test
    void conversationGoesOnForeverAndSaysWhatAListOfTokensSays() {
        goesOnForever(TruncationStrategy.SPEECH);
    }

    @Tag("full")
    @ParameterizedTest
    @EnumSource(names = {"TURNS", "REPLAY"})
    void conversationOfAnyTruncationDoesSo(TruncationStrategy truncation) {
        goesOnForever(truncation);
    }

    /** A conversation, one of a pool, and an oracle that shares no code of truncation with them. */
    private static void goesOnForever(TruncationStrategy truncation) {
        Window window = new Window(truncation, Window.UNBOUNDED);
        boolean speaks = truncation == TruncationStrategy.SPEECH;
        Conversation alone = new Conversation(model, config(), window);
        SequenceConversation oracle = new SequenceConversation(model, config(), window);
        int forgotten = 0;
        try (ConversationPool pool = new ConversationPool(model, PoolOptions.DEFAULT);
                Conversation pooled = pool.open(options(speaks), window)) {
            for (int turn = 0; turn < TURNS; turn++) {
                Answer answer = alone.ask(question(turn), said(speaks), ReplyListener.NONE);
                Heard heard = new Heard();
                pooled.start(question(turn), heard);

                assertThat(heard.await().tokens())
                        .as("turn %d", turn)
                        .isEqualTo(answer.reply().tokens());
                assertThat(answer.reply().tokens())
                        .as("turn %d", turn)
                        .isEqualTo(oracle.ask(question(turn), said(speaks)).tokens());
                assertThat(answer.reply().stop()).isNotEqualTo(StopReason.CONTEXT_FULL);
                assertThat(alone.length()).isLessThanOrEqualTo(CONTEXT);
                Window.Truncation gone = answer.truncation();
                assertThat(gone.exact()).isEqualTo(gone.positions() == 0 || truncation == TruncationStrategy.REPLAY);
                assertThat(heard.reply.prompt().evicted() > 0).isEqualTo(!gone.exact());
                // Nothing that is left is prefilled again, but where that was asked for.
                int cached = heard.reply.prompt().cached();
                if (turn > 0 && truncation != TruncationStrategy.REPLAY) {
                    assertThat(cached)
                            .isGreaterThan(heard.reply.prompt().tokens()
                                    - answer.prompt().tokens().length
                                    - 3);
                }
                forgotten += gone.positions();
            }
        }
        assertThat(forgotten).isGreaterThan(400);
    }

    /** Where it was asked for, and where keys and values that exits copied or omitted cannot be cut. */
    @Tag("full")
    @ParameterizedTest
    @CsvSource({"REPLAY, FILL", "TURNS, COPY", "TURNS, OMIT"})
    void whatIsReplayedIsAsIfNothingElseHadBeenSaid(TruncationStrategy truncation, SkippedKv skippedKv) {
        DepthPolicy even = DepthPolicy.parse("even:12");
        GenerationConfig config =
                new GenerationConfig(new ExitPlan(even, even, skippedKv), Sampling.GREEDY, new Limits(REPLY, REPLY));
        ReplyOptions options = new ReplyOptions(config, SpeechMode.SILENT, said(true));
        try (ConversationPool pool = new ConversationPool(model, PoolOptions.DEFAULT);
                Conversation pooled = pool.open(options, new Window(truncation, Window.UNBOUNDED))) {
            int forgetful = 0;
            for (int turn = 0; turn < TURNS; turn++) {
                int before = pooled.history().size();
                Heard heard = new Heard();
                pooled.start(question(turn), heard);
                heard.await();
                List<ChatTurn> left = pooled.history();
                if (left.size() > before) continue;
                forgetful++;
                assertThat(heard.reply.prompt().evicted()).isZero();
                Heard fresh = new Heard();
                pool.ask(
                        new ChatHistory(Optional.empty(), left.subList(0, left.size() - 1), question(turn)),
                        options,
                        fresh);
                assertThat(heard.tokens()).isEqualTo(fresh.await().tokens());
            }
            assertThat(forgetful).isPositive();
        }
    }

    @Tag("full")
    @Test
    void speechOfOldRepliesGoesAndTheirTextStays() {
        try (ConversationPool pool = new ConversationPool(model, PoolOptions.DEFAULT);
                Conversation pooled =
                        pool.open(options(true), new Window(TruncationStrategy.SPEECH, Window.UNBOUNDED))) {
            List<String> said = new ArrayList<>();
            for (int turn = 0;
                    turn < TURNS && (turn == 0 || speech(pooled.history().getFirst()) > 0);
                    turn++) {
                Heard heard = new Heard();
                pooled.start(question(turn), heard);
                said.add(heard.await().text.toString());
            }

            List<ChatTurn> history = pooled.history();
            int gone = said.size() - history.size();
            ChatTurn first = history.getFirst();
            assertThat(speech(first)).isZero();
            assertThat(text(first)).isEqualTo(said.get(gone));
            assertThat(speech(history.getLast())).isPositive();
        }
    }

    private static int speech(ChatTurn turn) {
        return model.languageModel().tokens().codes(Unit.ids(turn.reply())).length;
    }

    private static String text(ChatTurn turn) {
        var stream = model.textStream();
        StringBuilder text = new StringBuilder();
        for (int id : Unit.ids(turn.reply()))
            if (model.languageModel().tokens().isText(id)) text.append(stream.accept(id));
        return text.append(stream.finish()).toString();
    }

    @Tag("full")
    @Test
    void windowOfSecondsForgetsBeforeTheContextIsFull() {
        try (ConversationPool pool = new ConversationPool(model, PoolOptions.DEFAULT);
                Conversation pooled = pool.open(options(true), new Window(TruncationStrategy.TURNS, 5))) {
            double bound = 5;
            for (int turn = 0; turn < 8; turn++) {
                Heard heard = new Heard();
                pooled.start(question(turn), heard);
                heard.await();

                List<ChatTurn> earlier = pooled.history();
                // Neither the turn that was just answered nor the one before it counts.
                double seconds = earlier.subList(0, Math.max(0, earlier.size() - 2)).stream()
                        .mapToDouble(past -> speech(past) / model.codesPerSecond()
                                + (past.question() instanceof Question.Codes codes ? codes.seconds() : 0))
                        .sum();
                assertThat(seconds).isLessThanOrEqualTo(bound);
            }
            assertThat(pooled.history()).hasSizeBetween(3, 6);
        }
    }

    @Test
    void withoutForgettingAFullContextIsRefusedAndTheConversationStays() {
        Conversation conversation =
                new Conversation(model, config(), new Window(TruncationStrategy.OFF, Window.UNBOUNDED));
        assertThatThrownBy(() -> {
                    for (int turn = 0; turn < TURNS; turn++)
                        conversation.ask(question(turn), said(false), ReplyListener.NONE);
                })
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("do not fit into the context");
        assertThat(conversation.length()).isGreaterThan(800);
    }
}
