package sparrow.models.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.LoopRule;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.Runaway;
import sparrow.engine.reply.StopReason;
import sparrow.models.OpenOptions;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.chat.ChatHistory;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** What is heard of a reply that runs away. */
class RunawaySpeechTest {
    private static final Question QUESTION = new Question.Codes(new int[] {276, 143, 475, 287, 241, 3});

    /** No budget that could be in the way. */
    private static final LoopRule LOOPS = new LoopRule(10, 1000, 12.5);

    private static ComputePool threads;
    private static SpokenModel model;

    @BeforeAll
    static void open() throws IOException {
        threads = ComputePool.ofMachine();
        model = SpokenModels.bundled(OpenOptions.NONE, Kernels.create(threads));
    }

    @AfterAll
    static void close() {
        model.close();
        threads.close();
    }

    /** The published blocks end at 25, 75 and 175 codes. */
    @Tag("full")
    @ParameterizedTest(name = "{0} codes, then a block of {1}: {2} codes are heard")
    @CsvSource({
        // Found at code 105: 30 wait, of which none is new.
        "30, 5, 75",
        // Found at code 165: 90 wait, and the second copy begins at code 95.
        "90, 5, 95",
    })
    void codesFromTheSecondCopyOnAreNotSpokenAsFarAsTheyWait(int before, int period, int heard) {
        int[] codes = IntStream.range(0, before + 400)
                .map(i -> i < before ? i * 37 % 512 : 100 + (i - before) % period)
                .toArray();

        Answer answer = conversation(LOOPS).ask(QUESTION, reply(codes), ReplyListener.NONE);
        Heard pooled = new Heard();
        try (ConversationPool pool = new ConversationPool(model, PoolOptions.DEFAULT)) {
            ReplyOptions options = new ReplyOptions(config(LOOPS), SpeechMode.PUBLISHED, reply(codes));
            pool.ask(ChatHistory.of(QUESTION), options, pooled);
            pooled.await();
        }

        for (Reply reply : List.of(answer.reply(), pooled.reply.reply())) {
            assertThat(reply.stop()).isEqualTo(StopReason.RUNAWAY);
            assertThat(reply.runaway())
                    .contains(new Runaway(Runaway.Kind.SPEECH_CYCLE, 3 + before, 3 + before + period, period));
        }
        assertThat(answer.speech().samples()).hasSize(samplesOf(heard));
        assertThat(pooled.speech).isEqualTo(answer.speech().samples());
        assertThat(answer.text()).isEqualTo(pooled.text.toString()).isNotEmpty();
    }

    @Test
    void speechBeyondTheBudgetEndsTheReplyWithItsLastCodeUnspoken() {
        int[] codes = IntStream.range(0, 400).map(i -> i * i % 512).toArray();

        LoopRule rule = new LoopRule(2, 20, model.codesPerSecond());

        Answer answer = conversation(rule).ask(QUESTION, reply(codes), ReplyListener.NONE);

        int characters =
                IntStream.of(words()).map(model.languageModel().characters()).sum();
        int budget = (int) (rule.perCharacter() * characters + rule.slack());
        assertThat(answer.reply().runaway())
                .contains(new Runaway(Runaway.Kind.BUDGET, words().length + budget, words().length + budget, 0));
        assertThat(answer.speech().samples()).hasSize(samplesOf(budget));
    }

    private static int[] words() {
        return Arrays.copyOf(Unit.ids(model.replyUnits("the number after eighteen is nineteen.")), 3);
    }

    /** Some words, then these codes. */
    private static List<Unit> reply(int[] codes) {
        int offset = model.languageModel().tokens().speechOffset();
        return IntStream.concat(IntStream.of(words()), IntStream.of(codes).map(code -> offset + code))
                .<Unit>mapToObj(Unit.Token::new)
                .toList();
    }

    private static GenerationConfig config(LoopRule rule) {
        return new GenerationConfig(
                ExitPlan.NONE, Sampling.GREEDY, new Limits(600, Limits.UNBOUNDED, Optional.of(rule)));
    }

    private static Conversation conversation(LoopRule rule) {
        return new Conversation(
                model, ExitPlan.NONE, Sampling.GREEDY, config(rule).limits());
    }

    private static int samplesOf(int codes) {
        return 256 * (codes * 441 / 64);
    }
}
