package sparrow.models.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Step;
import sparrow.engine.reply.StopReason;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.TestedDevice;
import sparrow.models.chat.ChatHistory;
import sparrow.models.chat.ChatTurn;
import sparrow.speech.wave.WavFile;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** The bundled model answers through a pool what it answers alone. */
@Tag("stack")
@Tag("long")
class ConversationPoolTest {
    private static final Path EXAMPLES =
            Path.of(System.getProperty("sparrow.testdata")).resolveSibling("examples");
    private static final Limits LIMITS = new Limits(400, 200);

    private static ComputePool threads;
    private static SpokenModel model;

    @BeforeAll
    static void open() throws IOException {
        threads = ComputePool.ofMachine();
        model = SpokenModels.bundled(TestedDevice.OPTIONS, Kernels.create(threads));
    }

    @AfterAll
    static void close() {
        model.close();
        threads.close();
    }

    static ReplyOptions options(SpeechMode speechMode) {
        return new ReplyOptions(new GenerationConfig(model.defaultPlan(), Sampling.GREEDY, LIMITS), speechMode);
    }

    static Question question(int number) throws IOException {
        String name = String.format("q%02d.wav", number);
        return new Question.Spoken(WavFile.read(EXAMPLES.resolve(name)));
    }

    private static Answer alone(Question... turns) {
        Conversation conversation = new Conversation(model, model.defaultPlan(), Sampling.GREEDY, LIMITS);
        Answer answer = null;
        for (Question question : turns) answer = conversation.ask(question, ReplyListener.NONE);
        return answer;
    }

    @Test
    void aReplyIsThatOfAConversationAloneToTheTokenAndTheSample() throws IOException {
        Answer expected = alone(question(1));
        try (ConversationPool pool = new ConversationPool(model, PoolOptions.DEFAULT)) {
            Heard heard = new Heard();

            pool.ask(ChatHistory.of(question(1)), options(SpeechMode.PUBLISHED), heard);

            assertThat(heard.await().tokens()).isEqualTo(expected.reply().tokens());
            assertThat(heard.text.toString()).isEqualTo(expected.text());
            assertThat(heard.speech).isEqualTo(expected.speech().samples());
            assertThat(heard.reply.reply().stop()).isEqualTo(StopReason.END_TOKEN);
            assertThat(heard.reply.timing().samples()).isEqualTo(heard.speech.length);
        }
    }

    @Test
    void threeAtOnceGetWhatEachGetsAlone() throws IOException {
        conversationsGetWhatEachGetsAlone(3);
    }

    @Test
    @Tag("full")
    void eightAtOnceGetWhatEachGetsAlone() throws IOException {
        conversationsGetWhatEachGetsAlone(8);
    }

    private static void conversationsGetWhatEachGetsAlone(int conversations) throws IOException {
        List<Answer> expected = new ArrayList<>();
        for (int i = 1; i <= conversations; i++) expected.add(alone(question(i)));
        try (ConversationPool pool = new ConversationPool(model, PoolOptions.DEFAULT)) {
            List<Heard> all = new ArrayList<>();
            for (int i = 1; i <= conversations; i++) {
                Heard heard = new Heard();
                pool.ask(ChatHistory.of(question(i)), options(SpeechMode.PUBLISHED), heard);
                all.add(heard);
            }

            for (int i = 0; i < conversations; i++) {
                assertThat(all.get(i).await().tokens())
                        .as("question %d", i + 1)
                        .isEqualTo(expected.get(i).reply().tokens());
                assertThat(all.get(i).speech).isEqualTo(expected.get(i).speech().samples());
            }
        }
    }

    @Test
    void laterTurnsFollowTheEarlierOnesAndAreNotPrefilledAgain() throws IOException {
        Answer expected = alone(question(1), question(2));
        try (ConversationPool pool = new ConversationPool(model, PoolOptions.DEFAULT);
                Conversation conversation = pool.open(options(SpeechMode.SILENT))) {
            Heard first = new Heard();
            conversation.start(question(1), first);
            first.await();
            Heard second = new Heard();

            conversation.start(question(2), second);

            assertThat(second.await().tokens()).isEqualTo(expected.reply().tokens());
            assertThat(second.reply.prompt().cached())
                    .isGreaterThanOrEqualTo(
                            first.reply.prompt().tokens() + first.reply.units().size() - 1);
            assertThat(second.speech).isEmpty();
        }
    }

    @Test
    void aStatelessDialogueThatBeginsLikeAnEarlierOneTakesItsKeysAndValues() throws IOException {
        try (ConversationPool pool = new ConversationPool(model, PoolOptions.DEFAULT)) {
            Question first = model.encode(question(1));
            Heard one = new Heard();
            pool.ask(ChatHistory.of(first), options(SpeechMode.SILENT), one);
            one.await();
            ChatTurn turn = new ChatTurn(first, one.reply.units());
            Heard two = new Heard();

            pool.ask(new ChatHistory(Optional.empty(), List.of(turn), question(2)), options(SpeechMode.SILENT), two);

            assertThat(two.await().tokens())
                    .isEqualTo(alone(question(1), question(2)).reply().tokens());
            assertThat(two.reply.prompt().cached())
                    .isGreaterThan(one.reply.prompt().tokens());
        }
    }

    @Test
    void aCancelledReplyEndsOnceWithWhatWasDecidedAndTheNextTurnFollowsIt() throws IOException {
        try (ConversationPool pool = new ConversationPool(model, PoolOptions.DEFAULT);
                Conversation conversation = pool.open(options(SpeechMode.SILENT))) {
            CompletableFuture<ReplyHandle> handle = new CompletableFuture<>();
            Heard cut = new Heard() {
                @Override
                public void step(Step step) {
                    super.step(step);
                    // The handle may not be there before the first steps are.
                    if (steps.size() == 5) handle.join().cancel();
                }
            };
            handle.complete(conversation.start(question(1), cut));
            cut.await();
            int[] whole = alone(question(1)).reply().tokens();

            assertThat(cut.reply.reply().stop()).isEqualTo(StopReason.CANCELLED);
            assertThat(cut.ends).isEqualTo(1);
            assertThat(cut.reply.units())
                    .isEqualTo(
                            Unit.tokens(Arrays.copyOf(whole, cut.reply.units().size())));
            assertThat(cut.reply.units().size()).isBetween(5, whole.length - 1);
            Heard next = new Heard();
            conversation.start(question(2), next);
            assertThat(next.await().reply.reply().stop()).isEqualTo(StopReason.END_TOKEN);
        }
    }

    @Test
    void tooManyAreRefusedAtOnceAndThoseThatWaitAreAnswered() throws IOException {
        PoolOptions tight = new PoolOptions(1, 2, 1L << 30, java.time.Duration.ofMillis(250), 1);
        try (ConversationPool pool = new ConversationPool(model, tight)) {
            Question heard = model.encode(question(1));
            AtomicBoolean refused = new AtomicBoolean();
            List<Heard> all = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Heard one = new Heard() {
                    @Override
                    public boolean isReady() {
                        return refused.get();
                    }
                };
                pool.ask(ChatHistory.of(heard), options(SpeechMode.SILENT), one);
                all.add(one);
            }

            assertThatThrownBy(() -> pool.ask(ChatHistory.of(heard), options(SpeechMode.SILENT), ReplyListener.NONE))
                    .isInstanceOf(PoolFullException.class)
                    .hasMessage("busy: 3 replies are already running or waiting; try again later");
            refused.set(true);
            for (Heard one : all) assertThat(one.await().reply.reply().stop()).isEqualTo(StopReason.END_TOKEN);
        }
    }

    @Test
    void aClosedConversationHoldsNoKeysAndValues() throws IOException {
        try (ConversationPool pool = new ConversationPool(model, PoolOptions.DEFAULT)) {
            Conversation conversation = pool.open(options(SpeechMode.SILENT));
            conversation.ask(question(1), ReplyListener.NONE);
            assertThat(conversation.length()).isPositive();

            conversation.close();

            // The pool runs its commands in order.
            Heard next = new Heard();
            pool.ask(ChatHistory.of(question(2)), options(SpeechMode.SILENT), next);
            next.await();
            assertThat(conversation.length()).isZero();
        }
    }

    @Test
    void closingThePoolCancelsWhatIsUnderWay() throws IOException {
        Heard heard = new Heard();
        ConversationPool pool = new ConversationPool(model, PoolOptions.DEFAULT);
        pool.ask(ChatHistory.of(question(1)), options(SpeechMode.PUBLISHED), heard);

        pool.close();

        assertThat(heard.await().ends).isEqualTo(1);
        assertThatThrownBy(pool::slot).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
    }

    @Test
    void aConversationOfAPoolWaitsForTheAnswerThatItGetsAlone() throws IOException {
        Answer expected = alone(question(1), question(2));
        try (ConversationPool pool = new ConversationPool(model, PoolOptions.DEFAULT);
                Conversation conversation = pool.open(options(SpeechMode.PUBLISHED))) {
            conversation.ask(question(1), ReplyListener.NONE);
            Answer answer = conversation.ask(question(2), ReplyListener.NONE);

            assertThat(answer.reply().tokens()).isEqualTo(expected.reply().tokens());
            assertThat(answer.text()).isEqualTo(expected.text());
            assertThat(answer.speech().samples()).isEqualTo(expected.speech().samples());
        }
    }

    @Test
    void aConversationOfNoPoolDoesNotStartAReplyThatNobodyDecodes() throws IOException {
        Question question = question(1);
        try (Conversation alone =
                new Conversation(model, model.defaultPlan(), model.defaultSampling(), Limits.newTokens(10))) {
            assertThatThrownBy(() -> alone.start(question, ReplyListener.NONE))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("use ask");
        }
    }

    @Test
    void aTurnIsNotAskedUntilTheOneBeforeItBelongsToTheConversation() throws IOException {
        Question second = model.encode(question(2));
        try (ConversationPool pool = new ConversationPool(model, PoolOptions.DEFAULT);
                Conversation conversation = pool.open(options(SpeechMode.SILENT))) {
            Heard first = new Heard();
            ReplyHandle handle = conversation.start(question(1), first);

            // Whoever puts the reply into the history waits for this lock.
            synchronized (conversation) {
                while (!handle.isOver()) Thread.onSpinWait();
                assertThatThrownBy(() -> conversation.start(second, ReplyListener.NONE))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("the conversation is already answering a question");
            }

            first.await();
            Heard next = new Heard();
            conversation.start(second, next);
            next.await();
            assertThat(conversation.history()).hasSize(2);
        }
    }

    @Test
    void whoAsksWhileThePoolIsClosedIsRefusedOrHearsTheEnd() throws Exception {
        PoolOptions roomy = new PoolOptions(1, 100_000, 1L << 30, java.time.Duration.ofMillis(250), 1);
        ChatHistory chat = ChatHistory.of(model.encode(question(1)));
        for (int round = 0; round < 100; round++) {
            ConversationPool pool = new ConversationPool(model, roomy);
            List<ReplyHandle> taken = new ArrayList<>();
            CountDownLatch asking = new CountDownLatch(1);
            Thread asker = Thread.ofPlatform().start(() -> {
                try {
                    while (true) {
                        taken.add(pool.ask(chat, options(SpeechMode.SILENT), ReplyListener.NONE));
                        asking.countDown();
                    }
                } catch (IllegalStateException closed) {
                    // As it should be.
                }
            });
            asking.await();

            pool.close();
            asker.join();

            assertThat(taken).as("round %d", round).allMatch(ReplyHandle::isOver);
        }
    }

    @Test
    void whatWasExpectedWhileTheUserSpokeIsNotPrefilledAgainAndChangesNoToken() throws IOException {
        int[] expected = alone(question(3)).reply().tokens();
        Question.Codes whole = (Question.Codes) model.encode(question(3));
        int half = whole.codes().length / 2;
        try (ConversationPool pool = new ConversationPool(model, PoolOptions.DEFAULT);
                KvSlot slot = pool.slot()) {
            slot.prefillEarly(ChatHistory.of(new Question.Codes(Arrays.copyOf(whole.codes(), half))));
            // Prefilled before anything that is asked for later in the same slot, or given up: either way no token
            // differs.
            Heard heard = new Heard();

            slot.ask(ChatHistory.of(whole), options(SpeechMode.SILENT), heard);

            assertThat(heard.await().tokens()).isEqualTo(expected);
        }
    }
}
