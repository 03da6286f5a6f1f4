package sparrow.models.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sparrow.models.chat.Window.Retention.DROP;
import static sparrow.models.chat.Window.Retention.FULL;
import static sparrow.models.chat.Window.Retention.TEXT;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.SkippedKv;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Unit;
import sparrow.models.Prompt;
import sparrow.models.Question;

class WindowTest {
    /** What a window leaves of four turns that take 10 positions each, 3 of them words. */
    private static List<Window.Retention> left(TruncationStrategy truncation, int room) {
        return new Window(truncation, Window.UNBOUNDED).retain(4, retentions -> positions(retentions) <= room);
    }

    private static int positions(List<Window.Retention> retentions) {
        return retentions.stream()
                .mapToInt(memory -> switch (memory) {
                    case FULL -> 10;
                    case TEXT -> 3;
                    case DROP -> 0;
                })
                .sum();
    }

    @ParameterizedTest
    @EnumSource(TruncationStrategy.class)
    void whatFitsIsRememberedWhole(TruncationStrategy truncation) {
        assertThat(left(truncation, 40)).containsExactly(FULL, FULL, FULL, FULL);
    }

    @ParameterizedTest
    @EnumSource(names = {"TURNS", "REPLAY"})
    void theOldestTurnsGoAndNoMoreThanNeeded(TruncationStrategy truncation) {
        assertThat(left(truncation, 39)).containsExactly(DROP, FULL, FULL, FULL);
        assertThat(left(truncation, 20)).containsExactly(DROP, DROP, FULL, FULL);
        assertThat(left(truncation, 9)).containsExactly(DROP, DROP, DROP, DROP);
        assertThat(left(truncation, -1)).containsExactly(DROP, DROP, DROP, DROP);
    }

    @Test
    void speechGoesBeforeTurnsAndThatOfTheLastReplyStays() {
        assertThat(left(TruncationStrategy.SPEECH, 39)).containsExactly(TEXT, FULL, FULL, FULL);
        assertThat(left(TruncationStrategy.SPEECH, 19)).containsExactly(TEXT, TEXT, TEXT, FULL);
        assertThat(left(TruncationStrategy.SPEECH, 18)).containsExactly(DROP, TEXT, TEXT, FULL);
        assertThat(left(TruncationStrategy.SPEECH, 10)).containsExactly(DROP, DROP, DROP, FULL);
        assertThat(left(TruncationStrategy.SPEECH, 9)).containsExactly(DROP, DROP, DROP, DROP);
    }

    @Test
    void offForgetsNothing() {
        assertThat(left(TruncationStrategy.OFF, 1)).containsExactly(FULL, FULL, FULL, FULL);
    }

    @Test
    void aBoundOfTurnsCountsTheQuestionAndHoldsWhateverFits() {
        for (TruncationStrategy truncation :
                List.of(TruncationStrategy.TURNS, TruncationStrategy.SPEECH, TruncationStrategy.REPLAY)) {
            Window three = new Window(truncation, Window.UNBOUNDED).ofTurns(3);
            assertThat(three.retain(4, _ -> true)).containsExactly(DROP, DROP, FULL, FULL);
            assertThat(three.retain(2, _ -> true)).containsExactly(FULL, FULL);
            assertThat(three.retain(4, retentions -> positions(retentions) <= 10))
                    .startsWith(DROP, DROP);
        }
        assertThat(Window.DEFAULT.ofTurns(1).retain(2, _ -> true)).containsExactly(DROP, DROP);
        assertThat(new Window(TruncationStrategy.OFF, Window.UNBOUNDED)
                        .ofTurns(1)
                        .retain(2, _ -> true))
                .containsExactly(FULL, FULL);
    }

    @Test
    void aReplyMayTakeItsLimitOrAQuarterOfTheContext() {
        assertThat(Window.maxPrompt(Limits.newTokens(100), 1024)).isEqualTo(924);
        assertThat(Window.maxPrompt(Limits.newTokens(2000), 1024)).isEqualTo(768);
    }

    @Test
    void windowOfNoTimeAndOneThatNothingLeavesAreRefused() {
        assertThatThrownBy(() -> new Window(TruncationStrategy.TURNS, 0))
                .hasMessage("window: expected more than 0 seconds, got 0.0");
        assertThatThrownBy(() -> Window.DEFAULT.ofTurns(0)).hasMessage("window: expected 1 turn or more, got 0");
        assertThatThrownBy(() -> new Window(TruncationStrategy.OFF, 30)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TruncationStrategy.parse("all"))
                .hasMessage("truncation: expected turns, speech, replay or off, got \"all\"");
        assertThat(TruncationStrategy.parse("speech")).isEqualTo(TruncationStrategy.SPEECH);
    }

    /** The number of prompts that the model was asked for. */
    private static int prompts;

    /** A model with a context of 100 positions: a question takes 10, each unit of a reply one; ids from 1000 on are speech. */
    private static final ChatMeasure MODEL = new ChatMeasure() {
        @Override
        public int contextLength() {
            return 100;
        }

        @Override
        public ChatPrompt prompt(ChatHistory chat) {
            prompts++;
            int length = 10
                    + chat.earlier().stream()
                            .mapToInt(turn -> 10 + turn.reply().size())
                            .sum();
            int[] ids = new int[length];
            return new ChatPrompt(ids, List.of(), 0, 0, List.of(), new Prompt(ids, 0, 0, 0));
        }

        @Override
        public List<Unit> words(List<Unit> reply) {
            return reply.stream().filter(unit -> !isSpeech(unit)).toList();
        }

        @Override
        public double seconds(List<Unit> reply) {
            return reply.stream().filter(WindowTest::isSpeech).count();
        }

        @Override
        public List<Unit> heardPart(List<Unit> reply, double heardSeconds) {
            throw new AssertionError("a window cuts no reply");
        }
    };

    private static boolean isSpeech(Unit unit) {
        return unit instanceof Unit.Token(int id) && id >= 1000;
    }

    /** A turn of 20 positions: 6 words and 4 seconds of speech in the reply. */
    private static ChatTurn turn(int number) {
        return new ChatTurn(
                new Question.Typed("question " + number), Unit.tokens(1, 2, 3, 4, 5, 6, 1000, 1001, 1002, 1003));
    }

    private static final List<ChatTurn> TURNS =
            IntStream.range(0, 5).mapToObj(WindowTest::turn).toList();

    private static Window.Fitting fit(Window window, SkippedKv skippedKv, List<List<ChatTurn>> older) {
        ExitPlan plan = new ExitPlan(DepthPolicy.parse("even:12"), DepthPolicy.parse("even:12"), skippedKv);
        return window.fit(
                MODEL,
                older,
                ChatHistory.of(new Question.Typed("now")),
                new GenerationConfig(plan, Sampling.GREEDY, Limits.newTokens(20)));
    }

    private static Window.Fitting fit(Window window) {
        return fit(window, SkippedKv.FILL, TURNS.stream().map(List::of).toList());
    }

    @Test
    void aChatThatDoesNotFitLosesItsOldestTurnsUntilHalfOfTheContextIsLeftAndNotOneMore() {
        Window.Fitting fitting = fit(Window.DEFAULT);

        assertThat(fitting.chat().earlier()).isEqualTo(TURNS.subList(3, 5));
        assertThat(fitting.whole().orElseThrow().ids()).hasSize(110);
        assertThat(fitting.length()).isEqualTo(50);
        assertThat(fitting.retentions()).containsExactly(DROP, DROP, DROP, FULL, FULL);
        assertThat(fitting.truncation()).isEqualTo(new Window.Truncation(3, 0, 60, false));
    }

    @Test
    void aChatThatFitsStaysAndItsPromptIsBuiltOnce() {
        prompts = 0;

        Window.Fitting fitting = fit(
                Window.DEFAULT,
                SkippedKv.FILL,
                TURNS.subList(0, 3).stream().map(List::of).toList());

        assertThat(fitting.chat().earlier()).isEqualTo(TURNS.subList(0, 3));
        assertThat(fitting.whole()).isEmpty();
        assertThat(prompts).isEqualTo(1);
        assertThat(fitting.truncation()).isEqualTo(new Window.Truncation(0, 0, 0, true));
    }

    @Test
    void anotherShareOfTheContextLeavesAnotherNumberOfTurns() {
        assertThat(fit(Window.DEFAULT.ofShare(0.9)).chat().earlier()).isEqualTo(TURNS.subList(2, 5));
        assertThat(fit(Window.DEFAULT.ofShare(0)).chat().earlier()).isEmpty();
    }

    @Test
    void turnsOfAGroupStayOrGoTogetherAndAnEmptyGroupCountsAsOne() {
        List<List<ChatTurn>> groups = List.of(TURNS.subList(0, 1), TURNS.subList(1, 4), List.of(), TURNS.subList(4, 5));

        assertThat(fit(Window.DEFAULT, SkippedKv.FILL, groups).retentions()).containsExactly(DROP, DROP, FULL, FULL);
        assertThat(fit(Window.DEFAULT.ofTurns(2), SkippedKv.FILL, groups).retentions())
                .containsExactly(DROP, DROP, DROP, FULL);
    }

    @Test
    void soundOfOldRepliesGoesAndTheirTextStays() {
        Window.Fitting fitting = fit(new Window(TruncationStrategy.SPEECH, Window.UNBOUNDED));

        assertThat(fitting.retentions()).containsExactly(DROP, DROP, DROP, TEXT, FULL);
        assertThat(fitting.chat().earlier())
                .containsExactly(new ChatTurn(TURNS.get(3).question(), Unit.tokens(1, 2, 3, 4, 5, 6)), TURNS.get(4));
        assertThat(fitting.truncation()).isEqualTo(new Window.Truncation(3, 1, 64, false));
    }

    @Test
    void aWindowOfSecondsDoesNotCountTheTurnBeforeTheQuestion() {
        List<List<ChatTurn>> three = TURNS.subList(0, 3).stream().map(List::of).toList();

        assertThat(fit(new Window(TruncationStrategy.TURNS, 8), SkippedKv.FILL, three)
                        .retentions())
                .containsExactly(FULL, FULL, FULL);
        assertThat(fit(new Window(TruncationStrategy.TURNS, 7), SkippedKv.FILL, three)
                        .retentions())
                .containsExactly(DROP, FULL, FULL);
    }

    /** Keys and values that an exit copied or omitted cannot be cut. */
    @Test
    void theRestIsExactWhereItIsPrefilledAnew() {
        List<List<ChatTurn>> each = TURNS.stream().map(List::of).toList();
        for (Window.Fitting fitting : List.of(
                fit(new Window(TruncationStrategy.REPLAY, Window.UNBOUNDED)),
                fit(Window.DEFAULT, SkippedKv.COPY, each))) {
            assertThat(fitting.truncation().exact()).isTrue();
            assertThat(fitting.whole()).isEmpty();
            assertThat(fitting.chat().earlier()).hasSize(2);
        }
    }
}
