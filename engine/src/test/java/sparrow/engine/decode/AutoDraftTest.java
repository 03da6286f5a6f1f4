package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.Machine;
import sparrow.engine.Seeds;
import sparrow.engine.exit.ExitHeads;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.sample.Sampling;

/** Replies whose drafts find their own layer. */
@Tag("stack")
class AutoDraftTest {
    private static final ExitPlan AUTO = new ExitPlan(new ExitPolicy.DraftAuto(), new ExitPolicy.DraftAuto());

    @RegisterExtension
    private final Machine machine = new Machine(2);

    static LongStream seeds() {
        return Seeds.drawn(20266);
    }

    /** A model with these costs of rows for all its heads. */
    private LanguageModel model(SplittableRandom random, double rho) {
        LanguageModel model = RandomModel.of(random, machine);
        int[] heads = model.heads().layers().stream().mapToInt(i -> i).toArray();
        model.rows().use(DraftForecastTest.costs(rho, heads));
        return model;
    }

    private static Reply reply(LanguageModel model, ExitPlan plan, Sampling sampling, Request request) {
        return new Decoder(model, new GenerationConfig(plan, sampling, Limits.newTokens(80))).reply(request);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void replyIsThatOfFullDepthAndCostsTheSameEachTime(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageModel model = model(random, random.nextDouble(0, 0.3));
        int[] prompt = RandomModel.prompt(random);
        Sampling sampling = random.nextBoolean() ? Sampling.GREEDY : new Sampling(0.8, 0, 0.9, 1.05, seed);

        Reply full = reply(model, ExitPlan.NONE, sampling, Request.of(new Sequence(model), prompt));
        Reply auto = reply(model, AUTO, sampling, Request.of(new Sequence(model), prompt));
        Reply again = reply(model, AUTO, sampling, Request.of(new Sequence(model), prompt));

        assertThat(auto.tokens()).isEqualTo(full.tokens());
        assertThat(auto.stop()).isEqualTo(full.stop());
        assertThat(again.effort()).isEqualTo(auto.effort());
    }

    /** Forced speech whose drafts are right where the script says so. */
    private static Reply scripted(LanguageModel model, Sequence sequence, int tokens, DraftVerdicts verdicts) {
        LanguageModel speaking = model.with(model.tokens().withoutMarks());
        int[] forced = IntStream.range(0, tokens).map(i -> 20 + i % 7).toArray();
        GenerationConfig config = new GenerationConfig(
                ExitPlan.speech(new ExitPolicy.DraftAuto()), Sampling.GREEDY, Limits.newTokens(tokens));
        return new Decoder(speaking, config)
                .reply(Request.of(sequence, 3, 4).withForced(forced).withVerdicts(verdicts));
    }

    @Test
    void draftsThatAreAlwaysRightBecomeLongRowsFromTheLowestLayer() {
        LanguageModel model = model(new SplittableRandom(5), 0.02);

        Reply reply = scripted(model, new Sequence(model), 300, DraftVerdicts.ALL_RIGHT);

        assertThat(reply.effort().speech().confirmed())
                .isEqualTo(reply.effort().speech().drafted());
        List<Step> late = reply.steps().subList(200, 280);
        assertThat(late.stream().filter(step -> step.draftLayer() == 1).count()).isGreaterThan(70 * 8 / 9);
    }

    @Test
    void draftsThatAreAlwaysWrongEndAtFullDepthInLaterRepliesToo() {
        LanguageModel model = model(new SplittableRandom(5), 0.02);
        Sequence sequence = new Sequence(model);
        DraftVerdicts wrong = (place, draft) -> false;

        Reply first = scripted(model, sequence, 200, wrong);
        Reply second = scripted(model, sequence, 200, wrong);

        assertThat(first.effort().speech().drafted()).isPositive();
        // What was learnt stays with the sequence: probes alone draft.
        assertThat(second.effort().speech().drafted()).isLessThan(40);
    }

    @Test
    void rowsAreMeasuredOnceWhereTheirCostsAreNotGiven() {
        LanguageModel model = RandomModel.of(new SplittableRandom(8), machine);
        assertThat(model.rows().known()).isEmpty();

        reply(model, AUTO, Sampling.GREEDY, Request.of(new Sequence(model), 3, 4));
        RowCosts measured = model.rows().known().orElseThrow();
        reply(model, AUTO, Sampling.GREEDY, Request.of(new Sequence(model), 3, 4));

        assertThat(measured.ratios()).containsOnlyKeys(1, 2, 3, 4, 6, 9);
        assertThat(model.rows().known()).containsSame(measured);
    }

    @Test
    void withoutHeadsItIsRefused() {
        LanguageModel some = RandomModel.of(new SplittableRandom(8), machine);
        LanguageModel model = new LanguageModel(
                some.transformer(), ExitHeads.none(some.transformer()), some.tokens(), some.interleave());

        assertThatThrownBy(() -> new Decoder(model, new GenerationConfig(AUTO, Sampling.GREEDY, Limits.newTokens(9))))
                .hasMessage("text exit draft:auto: expected a model with exit heads, found none");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void lookingAheadAsFarAsItPaysChangesNoTokenEither(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageModel model = model(random, random.nextDouble(0, 0.3));
        ExitPlan auto = new ExitPlan(new ExitPolicy.AheadAuto(), new ExitPolicy.AheadAuto());
        int[] prompt = RandomModel.prompt(random);

        Reply full = reply(model, ExitPlan.NONE, Sampling.GREEDY, Request.of(new Sequence(model), prompt));
        Reply ahead = reply(model, auto, Sampling.GREEDY, Request.of(new Sequence(model), prompt));

        assertThat(ahead.tokens()).isEqualTo(full.tokens());
        assertThat(ahead.stop()).isEqualTo(full.stop());
    }

    @Test
    void notationIsReadAndPrinted() {
        assertThat(ExitPolicy.parse("draft:auto"))
                .isEqualTo(new ExitPolicy.DraftAuto())
                .hasToString("draft:auto");
        assertThat(ExitPolicy.parse("ahead:auto"))
                .isEqualTo(new ExitPolicy.AheadAuto())
                .hasToString("ahead:auto");
    }
}
