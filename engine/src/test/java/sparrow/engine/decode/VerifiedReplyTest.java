package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.Machine;
import sparrow.engine.decode.speculate.ForcedDrafts;
import sparrow.engine.decode.speculate.StrategyFactory;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.exit.Speculation;
import sparrow.engine.exit.SpeechLogits;
import sparrow.engine.exit.Verification;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.ComputeStats;
import sparrow.engine.reply.DepthSummary;
import sparrow.engine.reply.EarlyTokenAgreement;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.Step;
import sparrow.testing.Seeds;

/**
 * Early exit whose tokens are verified at full depth gives the reply of full depth, whatever the exit heads say: those of random
 * models are wrong nearly always.
 */
@Tag("stack")
class VerifiedReplyTest {
    private static final int MAX_TOKENS = 70;

    @RegisterExtension
    private final Machine machine = new Machine(2);

    static LongStream seeds() {
        return Seeds.drawn(20265);
    }

    /** A model, a plan that verifies, and a sampling. */
    private record Case(LanguageModel model, ExitPlan plan, GenerationConfig exact, GenerationConfig full) {}

    private Case any(SplittableRandom random) {
        LanguageModel model = RandomModel.any(random, machine);
        ExitPlan plan =
                new ExitPlan(policy(random, model.layers()), policy(random, model.layers())).with(Verification.EXACT);
        Sampling sampling = random.nextInt(3) == 0
                ? new Sampling(0, 0, 1, random.nextBoolean() ? 1 : 1.3, 0)
                : new Sampling(random.nextDouble(0.3, 1.5), random.nextInt(20), 0.9, 1.05, random.nextLong());
        SpeechLogits logits = random.nextBoolean() ? SpeechLogits.ALL : SpeechLogits.SPEECH;
        Limits limits = new Limits(random.nextInt(1, MAX_TOKENS), random.nextInt(4) == 0 ? 5 : Limits.UNBOUNDED);
        return new Case(
                model,
                plan,
                new GenerationConfig(plan.with(logits), sampling, limits),
                new GenerationConfig(ExitPlan.NONE.with(logits), sampling, limits));
    }

    private static DepthPolicy policy(SplittableRandom random, int layers) {
        int layer = random.nextInt(1, layers);
        return switch (random.nextInt(8)) {
            case 0 -> new ExitPolicy.None();
            case 1 -> new ExitPolicy.Fixed(layer);
            case 2 -> new ExitPolicy.Periodic(random.nextBoolean() ? "FEE" : "EEFE", layer);
            case 3 -> new Speculation.SelfDraft(layer, random.nextInt(1, 5), random.nextDouble(2.5, 4.1));
            case 4, 5 -> new Speculation.DraftHeadPolicy(random.nextInt(1, 8));
            default -> new Speculation.SelfDraft(layer, random.nextInt(1, Speculation.MAX_DRAFTS + 1));
        };
    }

    private static Request request(SplittableRandom random, LanguageModel model, Consumer<Step> listener) {
        int[] prompt = RandomModel.prompt(random);
        int width = model.width();
        return Request.of(new Sequence(model), prompt, RandomModel.rows(random, prompt.length, width), 0)
                .withProbabilities(true)
                .withListener(listener);
    }

    private static Request again(Request request, LanguageModel model) {
        return Request.of(new Sequence(model), request.prompt(), request.embeddings(), 0)
                .withProbabilities(true)
                .withStream(request.stream());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void replyIsThatOfFullDepthAloneAndInABatch(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Case any = any(random);
        List<List<Step>> told = new ArrayList<>();
        List<Request> requests = IntStream.range(0, random.nextInt(1, 5))
                .mapToObj(i -> {
                    List<Step> its = new ArrayList<>();
                    told.add(its);
                    return request(random, any.model(), its::add).withStream(i);
                })
                .toList();

        List<Reply> together = StrategyFactory.decoder(any.model(), any.exact()).replies(requests);

        for (int i = 0; i < requests.size(); i++) {
            Request full = again(requests.get(i), any.model());
            Reply expected = StrategyFactory.decoder(any.model(), any.full()).reply(full);
            Reply alone = StrategyFactory.decoder(any.model(), any.exact()).reply(again(requests.get(i), any.model()));
            assertSame(together.get(i), expected, any.plan());
            assertSame(alone, expected, any.plan());
            assertThat(alone.compute()).isEqualTo(together.get(i).compute());
            assertThat(told.get(i)).isEqualTo(together.get(i).steps());
            Sequence sequence = requests.get(i).sequence();
            assertThat(sequence.tokens()).isEqualTo(full.sequence().tokens());
            assertThat(sequence.length()).isEqualTo(full.sequence().length());
            sequence.runPending();
            CloseKeys.check(
                    sequence.cache(), full.sequence().cache(), any.model().layers(), sequence.length());
        }
    }

    private void assertSame(Reply verified, Reply full, ExitPlan plan) {
        assertThat(verified.units()).as("%s", plan).isEqualTo(full.units());
        assertThat(verified.stop()).isEqualTo(full.stop());
        for (int i = 0; i < verified.steps().size(); i++) {
            Step step = verified.steps().get(i);
            Step expected = full.steps().get(i);
            assertThat(step.modality()).isEqualTo(expected.modality());
            assertThat(step.chunkPosition()).isEqualTo(expected.chunkPosition());
            assertThat(step.exitLayer()).isEqualTo(expected.exitLayer());
            assertThat(step.probability()).isCloseTo(expected.probability(), within(probabilityTolerance()));
        }
    }

    /** On devices, the last bits of the logits depend on the number of rows: 1.3e-7 were measured. */
    private double probabilityTolerance() {
        return machine.isHost() ? 0 : 1e-5;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void nextTurnGoesOnAsAfterAReplyOfFullDepth(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Case any = any(random);
        Request first = request(random, any.model(), step -> {});
        Request same = again(first, any.model());
        int[] next = RandomModel.prompt(random);

        StrategyFactory.decoder(any.model(), any.exact()).reply(first);
        StrategyFactory.decoder(any.model(), any.full()).reply(same);
        Reply verified = StrategyFactory.decoder(any.model(), any.exact()).reply(Request.of(first.sequence(), next));
        Reply full = StrategyFactory.decoder(any.model(), any.full()).reply(Request.of(same.sequence(), next));

        assertSame(verified, full, any.plan());
    }

    @Test
    @Tag("host")
    void everyKindOfVerdictOccursInTheseTests() {
        int drafted = 0;
        int accepted = 0;
        for (long seed : Seeds.fixed(20265, 150).toArray()) {
            SplittableRandom random = new SplittableRandom(seed);
            Case any = any(random);
            Reply reply =
                    StrategyFactory.decoder(any.model(), any.exact()).reply(request(random, any.model(), step -> {}));
            ComputeStats.Share compute = reply.compute().total();
            drafted += compute.drafted();
            accepted += compute.accepted();
            long stayed =
                    reply.steps().stream().filter(step -> step.draftLayer() > 0).count();
            assertThat(stayed).isEqualTo(compute.accepted());
        }
        assertThat(accepted).isGreaterThan(20);
        assertThat(drafted - accepted).isGreaterThan(400);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void checkingChangesNothing(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageModel model = RandomModel.any(random, machine);
        ExitPlan plan = RandomModel.plan(random, model.layers());
        Sampling sampling = random.nextBoolean()
                ? new Sampling(0, 0, 1, 1.3, 0)
                : new Sampling(0.8, 0, 0.9, 1.05, random.nextLong());
        Request request = request(random, model, step -> {});
        Reply filled = reply(model, plan, sampling, again(request, model));

        Reply checked = reply(model, plan.with(Verification.MEASURE), sampling, request);

        assertThat(checked.units()).isEqualTo(filled.units());
        assertThat(checked.compute()).isEqualTo(filled.compute());
        assertThat(filled.agreement()).isEqualTo(EarlyTokenAgreement.NONE);
        assertThat(checked.agreement()).isEqualTo(oracle(model, checked, sampling, request));
    }

    private static Reply reply(LanguageModel model, ExitPlan plan, Sampling sampling, Request request) {
        return StrategyFactory.decoder(model, new GenerationConfig(plan, sampling, Limits.newTokens(60)))
                .reply(request);
    }

    /** Full depth under teacher forcing, asked where an early position was followed by a full one. */
    private static EarlyTokenAgreement oracle(LanguageModel model, Reply reply, Sampling sampling, Request request) {
        Request forced = again(request, model).withForced(reply.units());
        List<Step> full = reply(model, ExitPlan.NONE, sampling, forced).steps();
        long checked = 0;
        long right = 0;
        List<Integer> waiting = new ArrayList<>();
        for (int i = 0; i < reply.steps().size(); i++) {
            if (reply.steps().get(i).exitLayer() < model.layers()) {
                waiting.add(i);
                continue;
            }
            for (int at : waiting.subList(Math.max(0, waiting.size() - Speculation.MAX_DRAFTS), waiting.size())) {
                checked++;
                if (full.get(at).unit().equals(reply.steps().get(at).unit())) right++;
            }
            waiting.clear();
        }
        return new EarlyTokenAgreement(checked, right, reply.agreement().nats());
    }

    @Test
    @Tag("host")
    void shareOfReadingsIsThatOfTheCycle() {
        SplittableRandom random = new SplittableRandom(5);
        LanguageModel model = RandomModel.of(random, machine);
        int layers = model.layers();
        int[] forced = IntStream.generate(() -> 20).limit(1 + 4 * 10).toArray();
        ExitPlan plan = ExitPlan.speech(new Speculation.SelfDraft(1, 3));
        Request request = Request.of(new Sequence(model), 3, 4).withForced(forced);

        Reply reply = StrategyFactory.decoder(
                        new LanguageModel(
                                model.transformer(),
                                model.heads(),
                                model.tokens().withoutMarks(),
                                model.interleave()),
                        new GenerationConfig(plan, Sampling.GREEDY, Limits.newTokens(forced.length)))
                .reply(request);

        // The first token is one of text; then ten cycles of three drafts and the one that accepts them.
        assertThat(reply.compute().speech().passes()).containsEntry(1, 30).containsEntry(layers, 10);
        assertThat(reply.compute().total().positionLayers()).isEqualTo(41L * layers);
        DepthSummary depth = DepthSummary.of(reply, layers);
        assertThat(depth.speechLayersRead()).isEqualTo((3.0 + layers) / 4);
        assertThat(depth.accepted()).isEqualTo(1);
        assertThat(reply.steps().stream().filter(step -> step.modality() == Modality.SPEECH))
                .hasSize(40);
    }

    @Test
    void scriptedVerdictsAreFollowed() {
        SplittableRandom random = new SplittableRandom(5);
        LanguageModel model = RandomModel.of(random, machine);
        int[] forced = IntStream.range(0, 61).map(i -> 20 + i % 7).toArray();
        ExitPlan plan = ExitPlan.speech(new Speculation.SelfDraft(1, 3));
        // The second draft of every cycle is wrong: two tokens a cycle, the accepted one and a correction.
        Request request = Request.of(new Sequence(model), 3, 4).withForced(forced);

        Reply reply = new Decoder(
                        new LanguageModel(
                                model.transformer(),
                                model.heads(),
                                model.tokens().withoutMarks(),
                                model.interleave()),
                        new GenerationConfig(plan, Sampling.GREEDY, Limits.newTokens(forced.length)),
                        new ForcedDrafts((place, draft, unit) -> draft == 2 ? new Unit.Token(50) : unit))
                .reply(request);

        assertThat(reply.steps()).hasSize(forced.length);
        assertThat(request.sequence().tokens()).endsWith(forced);
        assertThat(reply.compute().speech().accepted()).isEqualTo(30);
        assertThat(reply.compute().speech().drafted()).isEqualTo(29 * 3 + 1);
        assertThat(reply.compute().speech().passes()).containsEntry(model.layers(), 30);
    }
}
