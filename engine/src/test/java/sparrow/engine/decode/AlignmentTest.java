package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.Machine;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.interleave.InterleaveFormat;
import sparrow.engine.interleave.Modality;
import sparrow.engine.sample.Sampling;

/** Passes of one depth. */
class AlignmentTest {
    @RegisterExtension
    private final Machine machine = new Machine(2);

    static LongStream seeds() {
        return new SplittableRandom(20264).longs(60);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aloneAReplyIsStrictToTheToken(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageModel model = RandomModel.of(random, machine);
        int[] prompt = RandomModel.prompt(random);
        GenerationConfig config = new GenerationConfig(
                RandomModel.plan(random, model.layers()), Sampling.GREEDY, Limits.newTokens(random.nextInt(1, 40)));
        Reply strict = new Decoder(model, config).reply(Request.of(new Sequence(model), prompt));
        Decoder decoder = new Decoder(model, config);
        Generation generation = decoder.admit(Request.of(new Sequence(model), prompt));
        decoder.prefill(prompt.length);

        while (!generation.hasEnded()) decoder.step(List.of(generation), List.of(), Alignment.PASS);

        assertThat(generation.reply().tokens()).isEqualTo(strict.tokens());
        assertThat(exits(generation.reply())).isEqualTo(exits(strict));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aPassHasOneDepthAndNobodyIsEarlyTooLongOrWithoutAnExit(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageModel model = RandomModel.of(random, machine);
        String[] names = {"even", "odd", "triple"};
        int layer = model.heads().layers().iterator().next();
        ExitPolicy policy = ExitPolicy.parse(names[random.nextInt(3)] + ":" + layer);
        int mostEarly = policy.toString().startsWith("triple") ? 2 : 1;
        GenerationConfig config = new GenerationConfig(ExitPlan.speech(policy), Sampling.GREEDY, Limits.newTokens(30));
        Decoder decoder = new Decoder(model, config);
        List<Generation> all = new ArrayList<>();
        List<int[]> prompts = new ArrayList<>();
        for (int i = random.nextInt(2, 6); i > 0; i--) {
            prompts.add(RandomModel.prompt(random));
            all.add(decoder.admit(Request.of(new Sequence(model), prompts.getLast())));
        }
        while (decoder.prefill(256) > 0) {}

        while (!decoder.isIdle()) {
            List<Generation> those = all.stream()
                    .filter(g -> !g.hasEnded() && random.nextInt(4) > 0)
                    .toList();
            List<Integer> before = those.stream().map(AlignmentTest::decided).toList();
            decoder.step(those, List.of(), Alignment.PASS);
            for (int i = 0; i < those.size(); i++)
                assertThat(decided(those.get(i))).isEqualTo(before.get(i) + 1);
            assertThat(those.stream()
                            .map(g -> g.latest().exitLayer())
                            .distinct()
                            .count())
                    .isLessThanOrEqualTo(1);
        }

        for (int i = 0; i < all.size(); i++) checkOracle(model, prompts.get(i), all.get(i));
        for (Generation generation : all) {
            int early = 0;
            for (Step step : generation.reply().steps()) {
                if (step.chunkPosition() == 1) early = 0;
                early = step.exitLayer() < model.layers() ? early + 1 : 0;
                assertThat(early).isLessThanOrEqualTo(mostEarly);
                if (step.modality() == Modality.TEXT) assertThat(early).isZero();
                if (step.chunkPosition() == 1 && !policy.toString().startsWith("odd"))
                    assertThat(early).isZero();
            }
        }
    }

    /** Every token is the greedy choice of the head that it used, on the hidden state of the unmodified model. */
    private static void checkOracle(LanguageModel model, int[] prompt, Generation generation) {
        List<float[]> history = new ArrayList<>();
        for (int token : prompt) history.add(model.transformer().embed(token));
        for (int token : generation.reply().tokens())
            history.add(model.transformer().embed(token));
        float[][][] hidden = EarlyExitPropertyTest.hiddenStates(model, history);
        for (int i = 0; i < generation.steps(); i++) {
            GreedyChoice.check(model, ExitPlan.NONE, generation.reply().steps().get(i), hidden[prompt.length - 1 + i]);
        }
    }

    private static int decided(Generation generation) {
        return generation.steps();
    }

    private static List<Integer> exits(Reply reply) {
        return reply.steps().stream().map(Step::exitLayer).toList();
    }

    /**
     * What early exit still saves when replies of random phases are decoded together: share of passes that need no upper layer.
     * The expected figures are those of a simulation that was made before there was code.
     */
    @ParameterizedTest(name = "{0}:{1} {2}, {3} at once")
    @CsvSource({
        "13, 26, FE, 1, 0.33", "13, 26, FE, 2, 0.22", "13, 26, FE, 4, 0.09", "13, 26, FE, 8, 0.02",
        "13, 26, FEE, 1, 0.44", "13, 26, FEE, 2, 0.29", "13, 26, FEE, 4, 0.12", "13, 26, FEE, 8, 0.02",
        "1, 4, FE, 1, 0.40", "1, 4, FE, 2, 0.23", "1, 4, FE, 4, 0.12", "1, 4, FE, 8, 0.01",
        "1, 4, FEE, 1, 0.40", "1, 4, FEE, 2, 0.34", "1, 4, FEE, 4, 0.15", "1, 4, FEE, 8, 0.02",
    })
    void sharesOfEarlyPassesAreThoseOfTheSimulation(int text, int speech, String pattern, int replies, double share) {
        InterleaveFormat format = new InterleaveFormat(text, speech);
        SplittableRandom random = new SplittableRandom(1);
        int passes = 0;
        int early = 0;
        for (int round = 0; round < 400; round++) {
            List<DepthCycle> cycles = new ArrayList<>();
            int[] place = new int[replies];
            for (int i = 0; i < replies; i++) {
                cycles.add(new DepthCycle(ExitPlan.speech(new ExitPolicy.Periodic(pattern, 6))));
                place[i] = random.nextInt(text + speech);
            }
            for (int pass = 0; pass < 200; pass++) {
                boolean full = false;
                for (int i = 0; i < replies; i++) {
                    full |= next(cycles.get(i), format, place[i]) instanceof DepthCycle.Choice.Full;
                }
                for (int i = 0; i < replies; i++) {
                    cycles.get(i).decided(!full);
                    place[i] = (place[i] + 1) % (text + speech);
                }
                passes++;
                if (!full) early++;
            }
        }

        assertThat((double) early / passes).isBetween(share - 0.02, share + 0.02);
    }

    private static DepthCycle.Choice next(DepthCycle cycle, InterleaveFormat format, int place) {
        return place < format.textTokens()
                ? cycle.next(Modality.TEXT, place + 1)
                : cycle.next(Modality.SPEECH, place - format.textTokens() + 1);
    }
}
