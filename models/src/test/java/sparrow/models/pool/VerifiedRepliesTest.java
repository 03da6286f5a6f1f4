package sparrow.models.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.SpeechLogits;
import sparrow.engine.exit.Verification;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Reply;
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

/** A pass of a pool may decide no token of a reply, or several: what comes of it is the reply of full depth all the same. */
@Tag("stack")
@Tag("long")
class VerifiedRepliesTest {
    private static final Path EXAMPLES =
            Path.of(System.getProperty("sparrow.testdata")).resolveSibling("examples");
    private static final Limits LIMITS = new Limits(400, 200);
    private static final Sampling SAMPLED = new Sampling(0.7, 0, 0.9, 1.05, 11);
    private static final ExitPlan DRAFT = plan("none", "draft:8:2");

    private static ComputePool threads;
    private static SpokenModel model;
    private static List<Question> questions;

    @BeforeAll
    static void open() throws IOException {
        threads = ComputePool.ofMachine();
        model = SpokenModels.bundled(TestedDevice.OPTIONS, Kernels.create(threads));
        questions = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            questions.add(
                    model.encode(new Question.Spoken(WavFile.read(EXAMPLES.resolve(String.format("q%02d.wav", i))))));
        }
    }

    @AfterAll
    static void close() {
        model.close();
        threads.close();
    }

    private static ExitPlan plan(String text, String speech) {
        return new ExitPlan(DepthPolicy.parse(text), DepthPolicy.parse(speech)).with(Verification.EXACT);
    }

    private static ReplyOptions options(ExitPlan plan, Sampling sampling, Limits limits) {
        return new ReplyOptions(
                new GenerationConfig(plan.with(SpeechLogits.SPEECH), sampling, limits), SpeechMode.SILENT);
    }

    private static Heard ask(ConversationPool pool, Question question, ReplyOptions options) {
        Heard heard = new Heard();
        pool.ask(ChatHistory.of(question), options, heard);
        return heard;
    }

    private static Reply full(Question question, Sampling sampling, Limits limits) {
        try (ConversationPool pool = new ConversationPool(model, PoolOptions.DEFAULT)) {
            return ask(pool, question, options(ExitPlan.NONE, sampling, limits))
                    .await()
                    .reply
                    .reply();
        }
    }

    private static void assertToldAndSame(Heard heard, Reply expected) {
        Reply reply = heard.await().reply.reply();
        assertThat(reply.tokens()).isEqualTo(expected.tokens());
        assertThat(reply.stop()).isEqualTo(expected.stop());
        assertThat(heard.steps).isEqualTo(reply.steps());
    }

    @Tag("full")
    @ParameterizedTest(name = "text {0}, speech {1}, sampled {2}")
    @CsvSource({
        "none, draft:8:2, false", "none, draft:8:2, true",
        "none, even:8, false", "none, even:8, true",
        "draft:10:3, draft:6:8, true"
    })
    void fourAtOnceGetWhatFullDepthGivesEachAlone(String text, String speech, boolean sampled) {
        Sampling sampling = sampled ? SAMPLED : Sampling.GREEDY;
        try (ConversationPool pool = new ConversationPool(model, PoolOptions.DEFAULT)) {
            List<Heard> all = questions.stream()
                    .map(question -> ask(pool, question, options(plan(text, speech), sampling, LIMITS)))
                    .toList();

            for (int i = 0; i < all.size(); i++) {
                assertToldAndSame(all.get(i), full(questions.get(i), sampling, LIMITS));
                assertThat(all.get(i).reply.reply().compute().speech().accepted())
                        .isPositive();
            }
        }
    }

    @Tag("full")
    @Test
    void repliesOfOtherPlansBesideItAreNotDisturbed() {
        List<ExitPlan> plans = List.of(
                DRAFT,
                ExitPlan.speech(DepthPolicy.parse("even:12")),
                plan("none", "even:8"),
                ExitPlan.speech(DepthPolicy.parse("triple:12")).with(Verification.MEASURE));
        try (ConversationPool pool = new ConversationPool(model, PoolOptions.DEFAULT)) {
            List<Heard> all = IntStream.range(0, plans.size())
                    .mapToObj(i -> ask(pool, questions.get(i), options(plans.get(i), Sampling.GREEDY, LIMITS)))
                    .toList();
            all.forEach(Heard::await);

            for (int i = 0; i < plans.size(); i++) {
                ExitPlan alike = plans.get(i).verification() == Verification.EXACT ? ExitPlan.NONE : plans.get(i);
                try (ConversationPool alone = new ConversationPool(model, PoolOptions.DEFAULT)) {
                    Heard expected = ask(alone, questions.get(i), options(alike, Sampling.GREEDY, LIMITS));
                    assertToldAndSame(all.get(i), expected.await().reply.reply());
                }
            }
            assertThat(all.get(3).reply.reply().agreement().checked()).isPositive();
        }
    }

    @Tag("full")
    @ParameterizedTest(name = "{0} tokens")
    @ValueSource(ints = {1, 15, 16, 17, 18, 19})
    void aReplyEndsAtItsLimitWhereverADraftStands(int most) {
        Limits limits = new Limits(most, 200);
        try (ConversationPool pool = new ConversationPool(model, PoolOptions.DEFAULT)) {
            Heard heard = ask(pool, questions.get(0), options(DRAFT, Sampling.GREEDY, limits));

            assertToldAndSame(heard, full(questions.get(0), Sampling.GREEDY, limits));
            assertThat(heard.reply.reply().stop()).isEqualTo(StopReason.NEW_TOKENS);
        }
    }

    /** Cancels a reply behind a pass that read no upper layer: tokens are drafted then that nobody was told of. */
    private static final class CancelAmongDrafts implements PoolObserver {
        private final Heard heard;
        private final int from;
        private final CompletableFuture<ReplyHandle> handle = new CompletableFuture<>();
        private boolean drafted;

        CancelAmongDrafts(Heard heard, int from) {
            this.heard = heard;
            this.from = from;
        }

        @Override
        public void pass(PoolObserver.Pass made) {
            if (drafted || !made.early() || heard.steps.size() < from) return;
            drafted = true;
            handle.join().cancel();
        }
    }

    @Tag("full")
    @ParameterizedTest(name = "from {0} tokens on")
    @ValueSource(ints = {3, 14, 20, 27})
    void nothingThatWasToldIsTakenBackByACancelAmongDraftsAndTheNextTurnFollowsIt(int from) {
        int[] whole = full(questions.get(0), Sampling.GREEDY, LIMITS).tokens();
        Heard cut = new Heard();
        CancelAmongDrafts observer = new CancelAmongDrafts(cut, from);
        try (ConversationPool pool = new ConversationPool(model, PoolOptions.DEFAULT, observer);
                Conversation conversation = pool.open(options(DRAFT, Sampling.GREEDY, LIMITS))) {
            observer.handle.complete(conversation.start(questions.get(0), cut));
            cut.await();

            assertThat(cut.reply.reply().stop()).isEqualTo(StopReason.CANCELLED);
            assertThat(cut.steps).isEqualTo(cut.reply.reply().steps()).hasSizeBetween(from, whole.length - 1);
            assertThat(cut.tokens()).isEqualTo(Arrays.copyOf(whole, cut.steps.size()));
            assertThat(cut.reply.units()).isEqualTo(Unit.tokens(cut.tokens()));
            Heard next = new Heard();
            conversation.start(questions.get(1), next);

            assertThat(next.await().tokens()).isEqualTo(afterwards(cut.reply.units()));
        }
    }

    private static int[] afterwards(List<Unit> said) {
        ChatHistory chat =
                new ChatHistory(Optional.empty(), List.of(new ChatTurn(questions.get(0), said)), questions.get(1));
        Heard heard = new Heard();
        try (ConversationPool pool = new ConversationPool(model, PoolOptions.DEFAULT)) {
            pool.ask(chat, options(ExitPlan.NONE, Sampling.GREEDY, LIMITS), heard);
            return heard.await().tokens();
        }
    }
}
