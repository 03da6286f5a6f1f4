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
import sparrow.engine.exit.ExitHead;
import sparrow.engine.exit.ExitHeads;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.exit.Refresh;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.kernel.Weight;
import sparrow.engine.sample.Sampling;
import sparrow.engine.tensor.Matrix;
import sparrow.engine.transformer.Linear;

/**
 * What ends a reply in the middle of a row of drafts leaves everything as full depth would: the reply, what ended it, the last
 * token, and what the next turn finds.
 */
@Tag("stack")
@Tag("long")
class RedoStopsTest {
    private static final int END = 0;
    private static final int SPEECH = 20;

    @RegisterExtension
    private final Machine machine = new Machine(2);

    static Stream<ExitPlan> plans() {
        return Stream.of(
                new ExitPlan(new ExitPolicy.Draft(1, 1), new ExitPolicy.Draft(1, 1)),
                new ExitPlan(new ExitPolicy.Draft(1, 4), new ExitPolicy.Draft(1, 4)),
                ExitPlan.speech(new ExitPolicy.Draft(1, 7)),
                new ExitPlan(new ExitPolicy.Ahead(1), new ExitPolicy.Ahead(3)),
                new ExitPlan(new ExitPolicy.Ahead(2), new ExitPolicy.Draft(1, 2)),
                ExitPlan.speech(new ExitPolicy.Ahead(7)),
                new ExitPlan(new ExitPolicy.Fixed(1), new ExitPolicy.Periodic("FEEE", 1)).with(Refresh.REDO));
    }

    /** A reply, and the sequence that it leaves. */
    private record Outcome(Reply reply, Sequence sequence) {}

    private static Outcome decode(LanguageModel model, ExitPlan plan, Limits limits, Function<Request, Request> how) {
        Sequence sequence = new Sequence(model);
        Request request = how.apply(Request.of(sequence, 3, 4, 5));
        return new Outcome(
                new Decoder(model, new GenerationConfig(plan, Sampling.GREEDY, limits)).reply(request), sequence);
    }

    private static void assertSame(LanguageModel model, Outcome redone, Outcome full) {
        assertThat(redone.reply().tokens()).isEqualTo(full.reply().tokens());
        assertThat(redone.reply().stop()).isEqualTo(full.reply().stop());
        assertSameSequence(model, redone.sequence(), full.sequence());
    }

    private static void assertSameSequence(LanguageModel model, Sequence redone, Sequence full) {
        assertThat(redone.tokens()).isEqualTo(full.tokens());
        assertThat(redone.length()).isEqualTo(full.length());
        if (redone.room() < 3) return;
        int[] next = {7, 8};
        GenerationConfig config = new GenerationConfig(ExitPlan.NONE, Sampling.GREEDY, Limits.newTokens(20));
        assertThat(new Decoder(model, config).reply(Request.of(redone, next)).tokens())
                .isEqualTo(
                        new Decoder(model, config).reply(Request.of(full, next)).tokens());
        redone.carry();
        full.carry();
        CloseKeys.check(redone.cache(), full.cache(), model.layers(), full.length());
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
        for (int codes = 1; codes < 20; codes++) {
            int[] forced = speech(codes);
            Outcome redone = decode(model, plan, Limits.newTokens(100), request -> request.withForced(forced));

            assertSame(
                    model,
                    redone,
                    decode(model, ExitPlan.NONE, Limits.newTokens(100), request -> request.withForced(forced)));
        }
    }

    @ParameterizedTest
    @MethodSource("plans")
    void endTokenAsACorrectionOfAWrongDraft(ExitPlan plan) {
        LanguageModel model = model(2);
        for (int codes = 1; codes < 20; codes++) {
            int[] forced = speech(codes);
            int end = codes;
            Outcome redone = decode(
                    model,
                    plan,
                    Limits.newTokens(100),
                    request -> request.withForced(forced).withVerdicts((place, draft) -> place != end));

            assertSame(
                    model,
                    redone,
                    decode(model, ExitPlan.NONE, Limits.newTokens(100), request -> request.withForced(forced)));
            assertThat(redone.reply().steps().getLast().draftLayer()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("plans")
    void endTokenThatIsAlwaysDrafted(ExitPlan plan) {
        int notEnds = 0;
        for (long seed = 0; seed < 12; seed++) {
            LanguageModel model = saysEnd(model(seed));
            Outcome redone = decode(model, plan, Limits.newTokens(40), request -> request);

            assertSame(model, redone, decode(model, ExitPlan.NONE, Limits.newTokens(40), request -> request));
            notEnds += redone.reply().effort().total().drafted()
                    - redone.reply().effort().total().confirmed();
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
                        .withStep(model.heads().step().orElseThrow()),
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
                Outcome redone = decode(model, plan, limits, request -> request.withForced(forced));

                assertSame(model, redone, decode(model, ExitPlan.NONE, limits, request -> request.withForced(forced)));
                assertThat(redone.reply().stop()).isNotEqualTo(StopReason.END_TOKEN);
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
                outcomes.add(new Outcome(new Decoder(model, config).reply(request), sequence));
            }
            assertThat(outcomes.getFirst().reply().stop()).isEqualTo(StopReason.CONTEXT_FULL);
            assertSame(model, outcomes.getFirst(), outcomes.getLast());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 8, 13})
    void interruptOrCancelLeavesWhatWasTold(int after) {
        LanguageModel model = model(5);
        int[] forced = speech(60);
        for (ExitPlan plan : plans().toList()) {
            Sequence cancelled = new Sequence(model);
            Decoder decoder = new Decoder(model, new GenerationConfig(plan, Sampling.GREEDY, Limits.newTokens(100)));
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
                    Limits.newTokens(100),
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
    void everyLayerHoldsWhatWasConfirmedAfterEveryVerdict(ExitPlan plan) {
        for (long seed = 0; seed < 12; seed++) {
            LanguageModel model = model(seed);
            Sequence sequence = new Sequence(model);
            Decoder decoder = new Decoder(model, new GenerationConfig(plan, Sampling.GREEDY, Limits.newTokens(30)));
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
                prefilled.carry();
                CloseKeys.check(sequence.cache(), prefilled.cache(), model.layers(), sequence.length());
            }
        }
    }
}
