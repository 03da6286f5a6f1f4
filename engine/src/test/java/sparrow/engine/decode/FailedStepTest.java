package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.Machine;
import sparrow.engine.decode.speculate.StrategyFactory;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.exit.SkippedKv;
import sparrow.engine.exit.Speculation;
import sparrow.engine.exit.Verification;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Reply;
import sparrow.testing.Seeds;

/** A step that fails because of one sequence of a batch changes nothing for the others, whatever became of their early tokens. */
@Tag("stack")
class FailedStepTest {
    @RegisterExtension
    private final Machine machine = new Machine(1);

    static LongStream seeds() {
        return Seeds.drawn(20271);
    }

    private static ExitPlan plan(SplittableRandom random, int layers) {
        ExitPolicy early = new ExitPolicy.Fixed(random.nextInt(1, layers));
        ExitPolicy often = new ExitPolicy.Periodic("EEF", random.nextInt(1, layers));
        return switch (random.nextInt(6)) {
            case 0 -> RandomModel.plan(random, layers, SkippedKv.COPY);
            case 1 -> RandomModel.plan(random, layers, SkippedKv.OMIT);
            case 2 -> RandomModel.plan(random, layers).with(Verification.MEASURE);
            case 3 -> new ExitPlan(early, often).with(Verification.EXACT);
            case 4 ->
                new ExitPlan(
                        new Speculation.SelfDraft(random.nextInt(1, layers), 3), new Speculation.DraftHeadPolicy(2));
            default -> new ExitPlan(new Speculation.DraftHeadPolicy(4), often);
        };
    }

    /** What a reply says, tells and leaves. */
    private record Outcome(Reply reply, List<Unit> told, Sequence sequence) {}

    private static Outcome decode(LanguageModel model, GenerationConfig config, int[] prompt, int before) {
        Decoder decoder = StrategyFactory.decoder(model, config);
        List<Unit> told = new ArrayList<>();
        Sequence sequence = new Sequence(model);
        Generation own = decoder.admit(Request.of(sequence, prompt).withListener(step -> told.add(step.unit())));
        if (before < Integer.MAX_VALUE) {
            GenerationConfig full = new GenerationConfig(ExitPlan.NONE, Sampling.GREEDY, Limits.newTokens(400));
            Sequence damaged = new Sequence(model);
            int[] forced = new int[400];
            Arrays.fill(forced, 1);
            Generation other = decoder.admit(Request.of(damaged, 5, 6, 7).withForced(forced), full);
            while (decoder.prefill(64) > 0) {}
            for (int i = 0; i < before && !own.hasEnded(); i++) decoder.step();
            damaged.cache().truncate(1);
            assertThatThrownBy(decoder::step).isInstanceOf(IllegalStateException.class);
            decoder.cancel(other);
        }
        while (decoder.prefill(64) > 0) {}
        while (!own.hasEnded()) decoder.step();
        return new Outcome(own.reply(), told, sequence);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theOthersGoOnAsIfItHadNotBeen(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageModel model = RandomModel.any(random, machine);
        ExitPlan drawn = plan(random, model.layers());
        ExitPlan plan = RandomModel.suited(drawn, model);
        Sampling sampling = new Sampling(0.8, 0, 1, 1.1, seed);
        GenerationConfig config = new GenerationConfig(plan, sampling, Limits.newTokens(30));
        int[] prompt = RandomModel.prompt(random);

        Outcome disturbed = decode(model, config, prompt, random.nextInt(1, 12));

        Outcome expected = decode(model, config, prompt, Integer.MAX_VALUE);
        assertThat(disturbed.reply().units())
                .as("%s", plan)
                .isEqualTo(expected.reply().units());
        // Where the step that failed ended the reply, its listener is not told of that.
        int told = disturbed.told().size();
        assertThat(disturbed.told()).isEqualTo(expected.told().subList(0, told));
        assertThat(disturbed.reply().compute()).isEqualTo(expected.reply().compute());
        assertThat(disturbed.reply().agreement().checked())
                .isEqualTo(expected.reply().agreement().checked());
        assertThat(disturbed.sequence().tokens()).isEqualTo(expected.sequence().tokens());
    }
}
