package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.Machine;
import sparrow.engine.decode.speculate.ForcedDrafts;
import sparrow.engine.decode.speculate.StrategyFactory;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.exit.Speculation;
import sparrow.engine.exit.Verification;
import sparrow.engine.head.ExitHead;
import sparrow.engine.head.ExitHeads;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.StopReason;
import sparrow.engine.transformer.Linear;
import sparrow.tensor.Matrix;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.Weight;

/**
 * What ends a reply in the middle of a row of drafts leaves everything as full depth would: the reply, what ended it, the last
 * token, and what the next turn finds.
 */
@Tag("full")
@Tag("stack")
@Tag("long")
class VerifiedStopsTest {
    private static final int END = 0;
    private static final int SPEECH = 20;

    @RegisterExtension
    private final Machine machine = new Machine(2);

    static Stream<ExitPlan> plans() {
        return Stream.of(
                new ExitPlan(new Speculation.SelfDraft(1, 1), new Speculation.SelfDraft(1, 1)),
                new ExitPlan(new Speculation.SelfDraft(1, 4), new Speculation.SelfDraft(1, 4)),
                ExitPlan.speech(new Speculation.SelfDraft(1, 7)),
                new ExitPlan(new Speculation.DraftHeadPolicy(1), new Speculation.DraftHeadPolicy(3)),
                new ExitPlan(new Speculation.DraftHeadPolicy(2), new Speculation.SelfDraft(1, 2)),
                ExitPlan.speech(new Speculation.DraftHeadPolicy(7)),
                new ExitPlan(new ExitPolicy.Fixed(1), new ExitPolicy.Periodic("FEEE", 1)).with(Verification.EXACT));
    }

    /** A reply, and the sequence that it leaves. */
    private record Outcome(Reply reply, Sequence sequence) {}

    private static Outcome decode(LanguageModel model, ExitPlan plan, Limits limits, Function<Request, Request> how) {
        Sequence sequence = new Sequence(model);
        Request request = how.apply(Request.of(sequence, 3, 4, 5));
        return new Outcome(
                StrategyFactory.decoder(model, new GenerationConfig(plan, Sampling.GREEDY, limits))
                        .reply(request),
                sequence);
    }

    private static void assertSame(LanguageModel model, Outcome verified, Outcome full) {
        assertThat(verified.reply().tokens()).isEqualTo(full.reply().tokens());
        assertThat(verified.reply().stop()).isEqualTo(full.reply().stop());
        assertSameSequence(model, verified.sequence(), full.sequence());
    }

    private static void assertSameSequence(LanguageModel model, Sequence verified, Sequence full) {
        assertThat(verified.tokens()).isEqualTo(full.tokens());
        assertThat(verified.length()).isEqualTo(full.length());
        if (verified.room() < 3) return;
        int[] next = {7, 8};
        GenerationConfig config = new GenerationConfig(ExitPlan.NONE, Sampling.GREEDY, Limits.newTokens(20));
        assertThat(StrategyFactory.decoder(model, config)
                        .reply(Request.of(verified, next))
                        .tokens())
                .isEqualTo(StrategyFactory.decoder(model, config)
                        .reply(Request.of(full, next))
                        .tokens());
        verified.runPending();
        full.runPending();
        CloseKeys.check(verified.cache(), full.cache(), model.layers(), full.length());
    }

    private LanguageModel model(long seed) {
        return RandomModel.of(new SplittableRandom(seed), machine);
    }

    /** Speech that ends after some codes. */
    private static int[] speech(int codes) {
        return IntStream.range(0, codes + 1)
                .map(i -> i == codes ? END : SPEECH + i % 9)
                .toArray();
    }

    @ParameterizedTest
    @MethodSource("plans")
    void endTokenThatWasDraftedRightly(ExitPlan plan) {
        LanguageModel model = model(1);
        int drafted = 0;
        for (int codes = 1; codes < 20; codes++) {
            int[] forced = speech(codes);
            Outcome verified = decode(model, plan, Limits.newTokens(100), request -> request.withForced(forced));

            assertSame(
                    model,
                    verified,
                    decode(model, ExitPlan.NONE, Limits.newTokens(100), request -> request.withForced(forced)));
            if (verified.reply().steps().getLast().draftLayer() > 0) drafted++;
        }
        assertThat(drafted).isPositive();
    }

    @ParameterizedTest
    @MethodSource("plans")
    void endTokenAsACorrectionOfAWrongDraft(ExitPlan plan) {
        LanguageModel model = model(2);
        for (int codes = 1; codes < 20; codes++) {
            int[] forced = speech(codes);
            int end = codes;
            DecodingStrategy.Factory wrongAtTheEnd =
                    new ForcedDrafts((place, draft, unit) -> place == end ? new Unit.Token(SPEECH + 15) : unit);
            Sequence sequence = new Sequence(model);
            GenerationConfig config = new GenerationConfig(plan, Sampling.GREEDY, Limits.newTokens(100));
            Request own = Request.of(sequence, 3, 4, 5).withForced(forced);
            Outcome verified = new Outcome(new Decoder(model, config, wrongAtTheEnd).reply(own), sequence);

            assertSame(
                    model,
                    verified,
                    decode(model, ExitPlan.NONE, Limits.newTokens(100), request -> request.withForced(forced)));
            assertThat(verified.reply().steps().getLast().draftLayer()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("plans")
    void endTokenThatIsAlwaysDrafted(ExitPlan plan) {
        int notEnds = 0;
        for (long seed = 0; seed < 12; seed++) {
            LanguageModel model = saysEnd(model(seed));
            Outcome verified = decode(model, plan, Limits.newTokens(40), request -> request);

            assertSame(model, verified, decode(model, ExitPlan.NONE, Limits.newTokens(40), request -> request));
            notEnds += verified.reply().compute().total().drafted()
                    - verified.reply().compute().total().accepted();
        }
        assertThat(notEnds).isPositive();
    }

    /** The model with an exit head of layer 1 that says the end token whatever it sees: its translator is its bias alone. */
    private LanguageModel saysEnd(LanguageModel model) {
        int width = model.width();
        float[] bias = new float[width];
        bias[0] = 1;
        float[] rows = new float[model.transformer().config().vocabulary() * width];
        rows[END * width] = 1;
        ExitHead head = new ExitHead(
                1,
                weight(rows, model.transformer().config().vocabulary(), width),
                null,
                null,
                1e-6f,
                new Linear(weight(new float[width * width], width, width), bias));
        return new LanguageModel(
                model.transformer(),
                ExitHeads.of(model.transformer(), List.of(head))
                        .withDraft(model.heads().draft().orElseThrow()),
                model.tokens(),
                model.interleave());
    }

    private Weight weight(float[] values, int rows, int columns) {
        Kernels kernels = machine.kernels();
        return kernels.view(Matrix.copyOf(values, rows, columns, machine.arena()));
    }

    @ParameterizedTest
    @MethodSource("plans")
    void limitOfTokensAndSpeechTail(ExitPlan plan) {
        LanguageModel model = model(3);
        int[] forced = speech(60);
        for (int most = 1; most < 25; most++) {
            for (Limits limits : List.of(Limits.newTokens(most), new Limits(50, most))) {
                Outcome verified = decode(model, plan, limits, request -> request.withForced(forced));

                assertSame(
                        model, verified, decode(model, ExitPlan.NONE, limits, request -> request.withForced(forced)));
                assertThat(verified.reply().stop()).isNotEqualTo(StopReason.END_TOKEN);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("plans")
    void contextThatIsFull(ExitPlan plan) {
        LanguageModel model = model(4);
        int[] forced = speech(60);
        int context = model.transformer().config().contextLength();
        // Most of the context is prompt: what counts is where in a row of drafts its end comes.
        for (int left = 20; left < 30; left++) {
            int[] asked =
                    IntStream.range(0, context - left).map(i -> 3 + i % 11).toArray();
            List<Outcome> outcomes = new ArrayList<>();
            for (ExitPlan each : List.of(plan, ExitPlan.NONE)) {
                Sequence sequence = new Sequence(model);
                GenerationConfig config = new GenerationConfig(each, Sampling.GREEDY, Limits.newTokens(1000));
                Request request = Request.of(sequence, asked).withForced(forced);
                outcomes.add(new Outcome(StrategyFactory.decoder(model, config).reply(request), sequence));
            }
            assertThat(outcomes.getFirst().reply().stop()).isEqualTo(StopReason.CONTEXT_FULL);
            assertSame(model, outcomes.getFirst(), outcomes.getLast());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 8, 13})
    void interruptOrCancelLeavesWhatWasTold(int after) {
        LanguageModel model = model(5);
        // More than the drafts of thirteen passes.
        int[] forced = speech(110);
        for (ExitPlan plan : plans().toList()) {
            Sequence cancelled = new Sequence(model);
            Decoder decoder =
                    StrategyFactory.decoder(model, new GenerationConfig(plan, Sampling.GREEDY, Limits.newTokens(120)));
            List<Integer> told = new ArrayList<>();
            Generation generation = decoder.admit(
                    Request.of(cancelled, 3, 4, 5).withForced(forced).withListener(step -> told.add(step.token())));
            while (decoder.prefill(10) > 0) {}
            for (int i = 0; i < after; i++) decoder.step();
            decoder.cancel(generation);
            assertLeft(model, forced, generation.reply(), cancelled, told.size(), StopReason.CANCELLED);

            Outcome interrupted = decode(
                    model,
                    plan,
                    Limits.newTokens(120),
                    request -> request.withForced(forced).withListener(step -> {
                        if (request.sequence().length() >= 3 + after)
                            Thread.currentThread().interrupt();
                    }));
            assertThat(Thread.interrupted()).isTrue();
            int steps = interrupted.reply().steps().size();
            assertThat(steps).isLessThan(after + 20);
            assertLeft(model, forced, interrupted.reply(), interrupted.sequence(), steps, StopReason.INTERRUPTED);
        }
    }

    /** What is left is what a reply of full depth leaves that was limited to as many tokens. */
    private static void assertLeft(
            LanguageModel model, int[] forced, Reply reply, Sequence sequence, int tokens, StopReason stop) {
        assertThat(reply.stop()).isEqualTo(stop);
        assertThat(reply.steps()).hasSize(tokens);
        Outcome full = decode(model, ExitPlan.NONE, Limits.newTokens(tokens), request -> request.withForced(forced));
        assertThat(reply.tokens()).isEqualTo(full.reply().tokens());
        assertSameSequence(model, sequence, full.sequence());
    }

    @ParameterizedTest
    @MethodSource("plans")
    void everyLayerHoldsWhatWasAcceptedAfterEveryVerdict(ExitPlan plan) {
        for (long seed = 0; seed < 12; seed++) {
            LanguageModel model = model(seed);
            Sequence sequence = new Sequence(model);
            Decoder decoder =
                    StrategyFactory.decoder(model, new GenerationConfig(plan, Sampling.GREEDY, Limits.newTokens(30)));
            Generation generation = decoder.admit(Request.of(sequence, 3, 4, 5));
            while (decoder.prefill(10) > 0) {}
            while (!generation.hasEnded()) {
                int before = generation.steps();
                decoder.step();
                if (generation.steps() == before || generation.hasEnded()) continue;
                assertThat(sequence.pending()).isZero();
                assertThat(sequence.length()).isEqualTo(3 + generation.steps() - 1);
                Sequence prefilled = new Sequence(model);
                for (int token : sequence.tokens()) prefilled.append(token);
                prefilled.runPending();
                CloseKeys.check(sequence.cache(), prefilled.cache(), model.layers(), sequence.length());
            }
        }
    }
}
