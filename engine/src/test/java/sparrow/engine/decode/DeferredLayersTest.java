package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.Machine;
import sparrow.engine.decode.speculate.StrategyFactory;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.exit.SkippedKv;
import sparrow.engine.exit.Speculation;
import sparrow.engine.exit.Verification;
import sparrow.engine.head.Sampling;
import sparrow.engine.reply.ComputeStats;
import sparrow.engine.reply.Reply;
import sparrow.engine.transformer.DeferringStack;
import sparrow.engine.transformer.Span;
import sparrow.testing.Seeds;

/**
 * Layers that are computed later than they are asked for, as on a device: replies are the same to the bit, and nobody waits
 * but for what decides a token.
 */
class DeferredLayersTest {
    private static final Sampling PENALTY = new Sampling(0, 0, 1, 1.3, 0);

    @RegisterExtension
    private final Machine machine = new Machine(2);

    static LongStream seeds() {
        return Seeds.drawn(0xDEFE);
    }

    /** A model twice: its layers compute at once, and when somebody looks. */
    private record Twice(LanguageModel model, LanguageModel deferring, DeferringStack stack) {
        static Twice of(LanguageModel model) {
            DeferringStack stack = DeferringStack.of(model.transformer());
            LanguageModel deferring =
                    new LanguageModel(model.transformer().on(stack), model.heads(), model.tokens(), model.interleave());
            return new Twice(model, deferring, stack);
        }
    }

    private static ExitPlan plan(SplittableRandom random, int layers) {
        return switch (random.nextInt(4)) {
            case 0 -> new ExitPlan(new Speculation.DraftHeadPolicy(3), new Speculation.DraftHeadPolicy(2));
            case 1 ->
                new ExitPlan(new Speculation.SelfDraft(1, 3), new ExitPolicy.Periodic("FEE", 1))
                        .with(Verification.EXACT);
            case 2 -> RandomModel.plan(random, layers).with(Verification.MEASURE);
            default -> RandomModel.plan(random, layers, SkippedKv.values()[random.nextInt(3)]);
        };
    }

    private static Sampling sampling(SplittableRandom random) {
        return switch (random.nextInt(3)) {
            case 0 -> Sampling.GREEDY;
            case 1 -> PENALTY;
            default -> new Sampling(0.8, 0, 0.9, 1.05, random.nextLong());
        };
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void conversationsAreTheSameToTheBit(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Twice twice = Twice.of(RandomModel.of(random, machine));
        ExitPlan drawn = plan(random, twice.model().layers());
        ExitPlan plan = RandomModel.suited(drawn, twice.model());
        GenerationConfig config = new GenerationConfig(plan, sampling(random), Limits.newTokens(40));
        long talk = random.nextLong();

        List<Sequence> expected = talk(twice.model(), config, new SplittableRandom(talk));
        List<Sequence> actual = talk(twice.deferring(), config, new SplittableRandom(talk));

        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i).tokens()).isEqualTo(expected.get(i).tokens());
            assertThat(actual.get(i).pending()).isEqualTo(expected.get(i).pending());
            assertThat(states(actual.get(i))).isDeepEqualTo(states(expected.get(i)));
            for (int layer = 1; layer <= twice.model().layers(); layer++) {
                int length = expected.get(i).cache().length(layer);
                assertThat(actual.get(i).cache().length(layer)).isEqualTo(length);
                for (int slot = 0; slot < length; slot++) {
                    assertThat(actual.get(i).cache().key(layer, slot))
                            .isEqualTo(expected.get(i).cache().key(layer, slot));
                    assertThat(actual.get(i).cache().value(layer, slot))
                            .isEqualTo(expected.get(i).cache().value(layer, slot));
                }
            }
        }
    }

    private static float[][] states(Sequence sequence) {
        return sequence.pendingBelow(Integer.MAX_VALUE).stream()
                .map(position -> position.state().read())
                .toArray(float[][]::new);
    }

    /** Two sequences together, which are forked, cut and forget, and go on. */
    private static List<Sequence> talk(LanguageModel model, GenerationConfig config, SplittableRandom random) {
        Decoder decoder = StrategyFactory.decoder(model, config);
        List<Sequence> sequences = new ArrayList<>(List.of(new Sequence(model), new Sequence(model)));
        for (int turn = 0; turn < 3; turn++) {
            List<Request> requests = new ArrayList<>();
            for (Sequence sequence : sequences) {
                int[] prompt = RandomModel.prompt(random);
                requests.add(Request.of(sequence, prompt, RandomModel.rows(random, prompt.length, model.width()), 0));
            }
            decoder.replies(requests);
            Sequence first = sequences.getFirst();
            if (turn == 0) sequences.add(first.fork());
            // A sequence of one token is not cut.
            first.truncate(random.nextInt(1, Math.max(2, first.tokens().length)));
            Sequence second = sequences.get(1);
            int end = second.tokens().length;
            // A sequence of one token has nothing to forget.
            if (end > 1 && config.plan().skippedKv() != SkippedKv.OMIT) second.retain(List.of(new Span(1, end)));
        }
        return sequences;
    }

    /** A kind of reply, and what of it is brought here beside the choices. */
    enum Kind {
        FULL(new ExitPlan(new ExitPolicy.None(), new ExitPolicy.None())),
        SCHEDULE(new ExitPlan(new ExitPolicy.None(), new ExitPolicy.Periodic("FE", 1))),
        CONFIDENCE(new ExitPlan(new ExitPolicy.None(), DepthPolicy.parse("conf:1:3.5"))),
        COPIED(new ExitPlan(new ExitPolicy.None(), new ExitPolicy.Periodic("FE", 1), SkippedKv.COPY)),
        DRAFTS(new ExitPlan(new Speculation.SelfDraft(1, 3), new Speculation.SelfDraft(1, 3)).with(Verification.EXACT)),
        AHEAD(new ExitPlan(new Speculation.DraftHeadPolicy(2), new Speculation.DraftHeadPolicy(2)));

        private final ExitPlan plan;

        Kind(ExitPlan plan) {
            this.plan = plan;
        }
    }

    @ParameterizedTest
    @EnumSource
    void nobodyWaitsButForAHead(Kind kind) {
        Twice twice = Twice.of(RandomModel.of(new SplittableRandom(5), machine));
        Request request = Request.of(new Sequence(twice.deferring()), 3, 4, 5);

        Reply reply = StrategyFactory.decoder(
                        twice.deferring(), new GenerationConfig(kind.plan, Sampling.GREEDY, Limits.newTokens(60)))
                .reply(request);

        ComputeStats.Share all = reply.compute().total();
        int passes = all.passes().values().stream().mapToInt(Integer::intValue).sum();
        int heads = kind == Kind.AHEAD ? passes + all.drafted() : passes;
        assertThat(reply.steps()).hasSizeGreaterThan(20);
        if (kind == Kind.CONFIDENCE) assertThat(twice.stack().waits()).isBetween(heads, 2 * heads);
        else assertThat(twice.stack().waits()).isEqualTo(heads);
        // The draft head begins with the state of a decided token, which it computes with here.
        if (kind != Kind.AHEAD) assertThat(twice.stack().statesRead()).isZero();
        // Of the drafts that full depth would not have chosen, how far off they were.
        if (kind != Kind.DRAFTS && kind != Kind.AHEAD)
            assertThat(twice.stack().vocabulariesRead()).isZero();
    }

    @Test
    void penaltyBringsAllScoresOnlyWhereTheLikeliestTokenHasIt() {
        Twice twice = Twice.of(RandomModel.of(new SplittableRandom(5), machine));

        Reply reply = StrategyFactory.decoder(
                        twice.deferring(), new GenerationConfig(ExitPlan.NONE, PENALTY, Limits.newTokens(60)))
                .reply(Request.of(new Sequence(twice.deferring()), 3, 4, 5));

        assertThat(twice.stack().waits()).isEqualTo(reply.steps().size());
        assertThat(twice.stack().vocabulariesRead()).isLessThan(reply.steps().size());
    }
}
