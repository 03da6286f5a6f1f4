package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.Machine;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.Runaway;
import sparrow.engine.reply.StopReason;
import sparrow.testing.Seeds;

/** The loop rule in the decode loop, alone and in a batch. */
@Tag("stack")
class LoopStopTest {
    private static final Optional<LoopRule> STOP = Optional.of(new LoopRule(2.5, 100_000, 12.5));

    @RegisterExtension
    private final Machine machine = new Machine(1);

    static LongStream seeds() {
        return Seeds.drawn(20262);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aForcedLoopEndsTheReplyWhateverThePlanAndElseNothingChanges(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageModel model = RandomModel.of(random, machine);
        ExitPlan plan = RandomModel.plan(random, model.layers());
        int[] prompt = RandomModel.prompt(random);
        int period = random.nextInt(1, 20);
        int[] loop = loop(model.tokens(), period, 200);

        Reply unguarded = reply(model, plan, prompt, loop, new Limits(200, Limits.UNBOUNDED));
        Reply guarded = reply(model, plan, prompt, loop, new Limits(200, Limits.UNBOUNDED, STOP));

        int needed = Math.max(4 * period, period <= 2 ? 50 : 75);
        assertThat(guarded.stop()).isEqualTo(StopReason.RUNAWAY);
        assertThat(guarded.runaway()).contains(new Runaway(Runaway.Kind.SPEECH_CYCLE, 0, period, period));
        assertThat(guarded.stepsBeforeRunaway()).isEqualTo(period);
        assertThat(guarded.tokens())
                .isEqualTo(IntStream.of(unguarded.tokens()).limit(needed).toArray());
        assertThat(unguarded.stop()).isEqualTo(StopReason.NEW_TOKENS);
        assertThat(unguarded.runaway()).isEmpty();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void inABatchOnlyTheReplyThatRunsAwayEnds(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageModel model = RandomModel.of(random, machine);
        Limits limits = new Limits(120, Limits.UNBOUNDED, STOP);
        Decoder decoder = new Decoder(
                model, new GenerationConfig(RandomModel.plan(random, model.layers()), Sampling.GREEDY, limits));
        int[] looping = loop(model.tokens(), 5, 120);
        int[] speaking = IntStream.range(0, 120)
                .map(i -> model.tokens().speechOffset()
                        + i * i % 37 % model.tokens().codes())
                .toArray();
        List<Request> requests = new ArrayList<>();
        for (int[] forced : List.of(speaking, looping, speaking)) {
            requests.add(
                    Request.of(new Sequence(model), RandomModel.prompt(random)).withForced(forced));
        }

        List<Reply> replies = decoder.replies(requests);

        assertThat(replies)
                .extracting(Reply::stop)
                .containsExactly(StopReason.NEW_TOKENS, StopReason.RUNAWAY, StopReason.NEW_TOKENS);
        assertThat(replies).extracting(reply -> reply.steps().size()).containsExactly(120, 75, 120);
    }

    @Test
    void theSequenceRemembersAllThatWasDecidedAndTheNextTurnGoesOn() {
        SplittableRandom random = new SplittableRandom(7);
        LanguageModel model = RandomModel.of(random, machine);
        int[] prompt = RandomModel.prompt(random);
        int[] loop = loop(model.tokens(), 4, 100);
        Sequence sequence = new Sequence(model);
        Decoder decoder = new Decoder(
                model, new GenerationConfig(ExitPlan.NONE, Sampling.GREEDY, new Limits(100, Limits.UNBOUNDED, STOP)));

        decoder.reply(Request.of(sequence, prompt).withForced(loop));

        assertThat(sequence.tokens())
                .isEqualTo(IntStream.concat(
                                IntStream.of(prompt), IntStream.of(loop).limit(75))
                        .toArray());
        assertThat(decoder.reply(Request.of(sequence, prompt)).steps()).isNotEmpty();
    }

    @Test
    void aRuleThatCouldNotWorkIsRefusedInOneLine() {
        assertThatThrownBy(() -> new LoopRule(Double.NaN, 10, 12.5))
                .hasMessage("loop rule: expected 0 to 1e6 speech units per character, got NaN");
        assertThatThrownBy(() -> new LoopRule(2.5, 0, 12.5))
                .hasMessage("loop rule: expected a slack of 1 unit or more, got 0");
        assertThatThrownBy(() -> new LoopRule(2.5, 10, 0))
                .hasMessage("loop rule: expected more than 0 and at most 1000 units per second, got 0.0");
    }

    /** Speech in copies of a block of different codes. */
    private static int[] loop(TokenSpace tokens, int period, int length) {
        return IntStream.range(0, length)
                .map(i -> tokens.speechOffset() + i % period)
                .toArray();
    }

    private static Reply reply(LanguageModel model, ExitPlan plan, int[] prompt, int[] forced, Limits limits) {
        return new Decoder(model, new GenerationConfig(plan, Sampling.GREEDY, limits))
                .reply(Request.of(new Sequence(model), prompt).withForced(forced));
    }
}
