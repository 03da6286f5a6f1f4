package sparrow.models.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.reply.Step;
import sparrow.engine.reply.StopReason;
import sparrow.models.FakeDevice;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.TestedDevice;
import sparrow.models.TurnPosition;
import sparrow.speech.wave.WavFile;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** Conversations that share one open model. */
@Tag("stack")
@Tag("long")
class ConversationTest {
    private static final Path EXAMPLES =
            Path.of(System.getProperty("sparrow.testdata")).resolveSibling("examples");

    private static ComputePool pool;
    private static SpokenModel model;

    @BeforeAll
    static void open() throws IOException {
        pool = ComputePool.ofMachine();
        model = SpokenModels.bundled(TestedDevice.OPTIONS, Kernels.create(pool));
    }

    @AfterAll
    static void close() {
        model.close();
        pool.close();
    }

    /** What a user of a server would hear. */
    private record Heard(String text, List<Integer> tokens, float[] samples) {
        static Heard of(Answer answer) {
            return new Heard(
                    answer.text(),
                    answer.reply().steps().stream().map(Step::token).toList(),
                    answer.speech().samples());
        }
    }

    private static Conversation conversation() {
        ExitPlan plan = ExitPlan.speech(DepthPolicy.parse("triple:12"));
        return new Conversation(model, plan, Sampling.GREEDY, Limits.newTokens(30));
    }

    private static Question question(int number) throws IOException {
        return new Question.Spoken(WavFile.read(EXAMPLES.resolve(String.format("q%02d.wav", number))));
    }

    private static Heard ask(int number) throws IOException {
        return Heard.of(conversation().ask(question(number), ReplyListener.NONE));
    }

    @Test
    void anAnswerContainsThePromptOfItsOwnTurn() throws IOException {
        Conversation conversation = conversation();
        List<TurnPosition> positions = List.of(TurnPosition.FIRST, TurnPosition.LATER);

        for (int turn = 0; turn < positions.size(); turn++) {
            Question question = question(turn + 1);

            Answer answer = conversation.ask(question);

            assertThat(answer.prompt().tokens())
                    .isEqualTo(model.prompt(model.encode(question), positions.get(turn))
                            .tokens());
        }
    }

    /** Words of one user never reach another. */
    @Test
    void threadsThatAskOneModelGetTheAnswersThatEachGetsAlone() throws Exception {
        threadsGetWhatEachGetsAlone(4, 2, 1);
    }

    @Test
    @Tag("full")
    void manyThreadsThatAskOneModelGetTheAnswersThatEachGetsAlone() throws Exception {
        threadsGetWhatEachGetsAlone(8, 4, 5);
    }

    private static void threadsGetWhatEachGetsAlone(int guests, int questions, int rounds) throws Exception {
        List<Heard> alone = new ArrayList<>();
        for (int number = 1; number <= questions; number++) alone.add(ask(number));

        try (ExecutorService threads = Executors.newFixedThreadPool(guests)) {
            for (int round = 0; round < rounds; round++) {
                List<Callable<List<Heard>>> asking = new ArrayList<>();
                for (int guest = 0; guest < guests; guest++) {
                    int first = guest;
                    asking.add(() -> {
                        List<Heard> heard = new ArrayList<>();
                        for (int i = 0; i < questions; i++) heard.add(ask((first + i) % questions + 1));
                        return heard;
                    });
                }
                List<Future<List<Heard>>> answers = threads.invokeAll(asking);
                for (int guest = 0; guest < guests; guest++) {
                    for (int i = 0; i < questions; i++) {
                        Heard expected = alone.get((guest + i) % questions);
                        Heard actual = answers.get(guest).get().get(i);
                        assertThat(actual.text()).isEqualTo(expected.text());
                        assertThat(actual.tokens()).isEqualTo(expected.tokens());
                        assertThat(actual.samples()).containsExactly(expected.samples());
                    }
                }
            }
        }
    }

    @Test
    void aClosedConversationHoldsNoKeysAndValuesAndAnswersNoMore() throws IOException {
        Conversation conversation = conversation();
        Question question = question(1);
        conversation.ask(question, ReplyListener.NONE);
        assertThat(conversation.length()).isPositive();

        conversation.close();

        assertThat(conversation.length()).isZero();
        assertThat(conversation.history()).hasSize(1);
        assertThatThrownBy(() -> conversation.ask(question, ReplyListener.NONE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the conversation is closed");
    }

    @Test
    void aConversationThatIsClosedWhileItAnswersHoldsNoKeysAndValuesWhenTheReplyHasEnded() throws IOException {
        Conversation conversation = conversation();

        Answer answer = conversation.ask(question(1), new ReplyListener() {
            @Override
            public void step(Step step) {
                conversation.close();
            }
        });

        assertThat(answer.reply().stop()).isEqualTo(StopReason.CANCELLED);
        assertThat(conversation.length()).isZero();
    }

    @Test
    void turnThatIsAskedWhileAnotherIsAnsweredIsRefused() throws IOException {
        Conversation conversation = conversation();
        Question question = question(1);
        List<Throwable> refusals = new ArrayList<>();

        conversation.ask(question, new ReplyListener() {
            @Override
            public void step(Step step) {
                try {
                    conversation.ask(question, ReplyListener.NONE);
                } catch (IllegalStateException e) {
                    refusals.add(e);
                }
            }
        });

        assertThat(refusals)
                .isNotEmpty()
                .allSatisfy(
                        refusal -> assertThat(refusal).hasMessage("the conversation is already answering a question"));
    }

    @Test
    void turnThatFailsIsTakenBack() throws IOException {
        Conversation conversation = conversation();
        conversation.ask(question(1), ReplyListener.NONE);
        Conversation undisturbed = conversation();
        undisturbed.ask(question(1), ReplyListener.NONE);

        ReplyListener failing = new ReplyListener() {
            private int steps;

            @Override
            public void step(Step step) {
                if (++steps == 20) throw new IllegalStateException("listener");
            }
        };
        Question second = question(2);
        assertThatThrownBy(() -> conversation.ask(second, failing)).hasMessage("listener");

        assertThat(conversation.ask(question(3), ReplyListener.NONE).text())
                .isEqualTo(undisturbed.ask(question(3), ReplyListener.NONE).text());
    }

    /** Whoever plays the sound may fail when all is decoded: there is no turn before the next one all the same. */
    @Test
    void firstTurnWhoseSoundFailsIsTakenBack() throws IOException {
        Conversation conversation = conversation();
        ReplyListener failing = new ReplyListener() {
            @Override
            public void speech(float[] samples) {
                throw new IllegalStateException("loudspeaker");
            }
        };
        Question first = question(1);
        assertThatThrownBy(() -> conversation.ask(first, failing)).hasMessage("loudspeaker");

        assertThat(conversation.length()).isZero();
        Answer answer = conversation.ask(question(2), ReplyListener.NONE);
        Answer alone = conversation().ask(question(2), ReplyListener.NONE);
        assertThat(answer.prompt().tokens()).containsExactly(alone.prompt().tokens());
        assertThat(answer.reply().tokens()).containsExactly(alone.reply().tokens());
    }

    /** A pass that fails leaves no keys and values, and the turns before it are still those of the conversation. */
    @Test
    void aConversationHasALengthAfterAPassThatFailed() throws IOException {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        try (ComputePool threads = new ComputePool(1);
                SpokenModel failing = FakeDevice.failing(Kernels.create(threads), failure::get)) {
            Conversation conversation = new Conversation(failing, ExitPlan.NONE, Sampling.GREEDY, Limits.newTokens(5));
            conversation.ask(question(1), ReplyListener.NONE);
            Question second = question(2);
            failure.set(new IllegalStateException("damaged"));
            assertThatThrownBy(() -> conversation.ask(second, ReplyListener.NONE))
                    .hasMessage("damaged");
            failure.set(null);

            assertThat(conversation.length()).isZero();
            Answer answer = conversation.ask(second, ReplyListener.NONE);
            assertThat(conversation.length()).isGreaterThan(answer.prompt().tokens().length);
        }
    }
}
