package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.Machine;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.exit.SkippedKv;
import sparrow.engine.head.Sampling;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.Step;
import sparrow.engine.reply.StopReason;
import sparrow.engine.transformer.KvCache;
import sparrow.testing.Seeds;

/**
 * Each treatment of the layers that a position skips, over random models of both layouts and both interleave formats,
 * policies of text and speech, and turns: hidden states, tokens, keys and values are those of {@link PlainSequence}.
 */
@Tag("stack")
class SkippedKvTest {
    /** As in {@link EarlyExitPropertyTest}: float sums over up to 6 layers of width 40 against double ones. */
    private static final float TOLERANCE = 2e-4f;

    @RegisterExtension
    private final Machine machine = new Machine(2);

    static LongStream seeds() {
        return Seeds.drawn(20262);
    }

    static Stream<Arguments> seedsAndTreatments() {
        return seeds().boxed()
                .flatMap(seed -> Arrays.stream(SkippedKv.values()).map(treatment -> Arguments.of(seed, treatment)));
    }

    @ParameterizedTest(name = "seed {0}, {1}")
    @MethodSource("seedsAndTreatments")
    void everyPositionIsThatOfThePlainSequence(long seed, SkippedKv drawn) {
        SplittableRandom random = new SplittableRandom(seed);
        RandomModel.Open open = RandomModel.open(random, machine);
        LanguageModel model = open.model();
        SkippedKv treatment = RandomModel.suited(drawn, model);
        int layers = layers(model);
        ExitPlan plan = RandomModel.plan(random, layers, treatment);
        Sequence sequence = new Sequence(model);
        PlainSequence plain = new PlainSequence(open, treatment);
        int notFed = -1;

        for (int turn = 0; turn < 3; turn++) {
            int[] prompt = prompt(random);
            List<float[]> states = new ArrayList<>();
            Request request = Request.of(sequence, prompt)
                    .withProbabilities(true)
                    .withListener(step -> states.add(sequence.newest().read()));
            Reply reply = decoder(model, plan, random.nextInt(1, 60)).reply(request);

            if (notFed >= 0) plain.next(embedded(model, notFed), layers);
            float[][] hidden = {};
            for (int token : prompt) hidden = plain.next(embedded(model, token), layers);
            for (int i = 0; i < reply.steps().size(); i++) {
                Step step = reply.steps().get(i);
                if (i > 0) hidden = plain.next(embedded(model, reply.tokens()[i - 1]), step.exitLayer());
                assertClose(states.get(i), hidden[step.exitLayer()]);
                GreedyChoice.check(model, plan, step, hidden);
            }
            notFed = reply.stop() == StopReason.END_TOKEN
                    ? -1
                    : reply.steps().getLast().token();
        }

        assertSameKeys(model, sequence, plain, treatment);
    }

    @ParameterizedTest(name = "seed {0}, {1}")
    @MethodSource("seedsAndTreatments")
    void batchOfSequencesGivesWhatEachGivesAlone(long seed, SkippedKv drawn) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageModel model = RandomModel.of(random, machine);
        SkippedKv treatment = RandomModel.suited(drawn, model);
        Decoder decoder = decoder(model, RandomModel.plan(random, layers(model), treatment), 25);
        List<Request> requests = IntStream.range(0, 4)
                .mapToObj(i -> Request.of(new Sequence(model), prompt(random)))
                .toList();

        List<Reply> together = decoder.replies(requests);

        for (int i = 0; i < requests.size(); i++) {
            Sequence sequence = new Sequence(model);
            Reply alone = decoder.reply(Request.of(sequence, requests.get(i).prompt()));
            assertThat(together.get(i).tokens()).isEqualTo(alone.tokens());
            assertThat(exits(together.get(i))).isEqualTo(exits(alone));
            assertThat(lengths(model, requests.get(i).sequence())).isEqualTo(lengths(model, sequence));
        }
    }

    @ParameterizedTest(name = "seed {0}, {1}")
    @MethodSource("seedsAndTreatments")
    void forkGoesOnAsItsOriginal(long seed, SkippedKv drawn) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageModel model = RandomModel.of(random, machine);
        SkippedKv treatment = RandomModel.suited(drawn, model);
        Decoder decoder = decoder(model, RandomModel.plan(random, layers(model), treatment), 25);
        Sequence sequence = new Sequence(model);
        decoder.reply(Request.of(sequence, prompt(random)));
        int[] next = prompt(random);

        Sequence fork = sequence.fork();
        Reply forked = decoder.reply(Request.of(fork, next));
        Reply original = decoder.reply(Request.of(sequence, next));

        assertThat(forked.tokens()).isEqualTo(original.tokens());
        assertThat(exits(forked)).isEqualTo(exits(original));
        assertThat(lengths(model, fork)).isEqualTo(lengths(model, sequence));
        assertThat(fork.newest().read()).containsExactly(sequence.newest().read());
    }

    /** The layer above the exit gets the keys and values that it would compute itself. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void copyBelowTheLastLayerIsExact(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageModel model = RandomModel.of(random, machine);
        ExitPolicy exit = new ExitPolicy.Periodic("EEF", layers(model) - 1);
        int[] prompt = prompt(random);
        Sequence filled = new Sequence(model);
        Sequence copied = new Sequence(model);

        Reply fill = decoder(model, new ExitPlan(exit, exit), 40).reply(Request.of(filled, prompt));
        Reply copy =
                decoder(model, new ExitPlan(exit, exit, SkippedKv.COPY), 40).reply(Request.of(copied, prompt));

        assertThat(copy.tokens()).isEqualTo(fill.tokens());
        KvCache expected = filled.cache();
        for (int slot = 0; slot < expected.length(layers(model)); slot++) {
            assertClose(copied.cache().key(layers(model), slot), expected.key(layers(model), slot));
            assertClose(copied.cache().value(layers(model), slot), expected.value(layers(model), slot));
        }
    }

    @ParameterizedTest
    @EnumSource(SkippedKv.class)
    void layersAboveAnExitHoldWhatTheTreatmentGivesThem(SkippedKv drawn) {
        for (long seed : seeds().toArray()) {
            SplittableRandom random = new SplittableRandom(seed);
            LanguageModel model = RandomModel.of(random, machine);
            SkippedKv treatment = RandomModel.suited(drawn, model);
            int exit = random.nextInt(1, layers(model));
            ExitPolicy always = new ExitPolicy.Fixed(exit);
            int[] prompt = prompt(random);
            Sequence sequence = new Sequence(model);

            decoder(model, new ExitPlan(always, always, treatment), 30).reply(Request.of(sequence, prompt));

            int length = sequence.length();
            boolean waits = treatment == SkippedKv.FILL;
            assertThat(sequence.pending()).isEqualTo(waits ? length - prompt.length : 0);
            for (int layer = 1; layer <= layers(model); layer++) {
                boolean holdsAll = layer <= exit || treatment == SkippedKv.COPY;
                assertThat(sequence.cache().length(layer)).isEqualTo(holdsAll ? length : prompt.length);
            }
        }
    }

    @Test
    @Tag("host")
    void convolutionsRefuseToOmitPositions() {
        int refused = 0;
        for (long seed : Seeds.fixed(20262, 20).toArray()) {
            LanguageModel model = RandomModel.of(new SplittableRandom(seed), machine);
            ExitPlan omitting = new ExitPlan(new ExitPolicy.None(), new ExitPolicy.None(), SkippedKv.OMIT);
            if (RandomModel.suited(SkippedKv.OMIT, model) == SkippedKv.OMIT) {
                model.check(omitting);
                continue;
            }
            refused++;
            assertThatThrownBy(() -> model.check(omitting))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("skipped keys and values: expected fill or copy for a model with convolutions, which"
                            + " need every position, got omit");
        }
        assertThat(refused).isPositive();
    }

    /** Or the tests above would say nothing. */
    @Test
    @Tag("host")
    void treatmentsLeadToDifferentReplies() {
        int[] different = new int[SkippedKv.values().length];
        for (long seed : Seeds.fixed(20262, 40).toArray()) {
            SplittableRandom random = new SplittableRandom(seed);
            LanguageModel model = RandomModel.of(random, machine);
            ExitPolicy half = new ExitPolicy.Periodic("FE", 1);
            int[] prompt = prompt(random);
            List<int[]> replies = Arrays.stream(SkippedKv.values())
                    .map(treatment -> new ExitPlan(new ExitPolicy.None(), half, RandomModel.suited(treatment, model)))
                    .map(plan -> decoder(model, plan, 60)
                            .reply(Request.of(new Sequence(model), prompt))
                            .tokens())
                    .toList();
            if (!Arrays.equals(replies.get(0), replies.get(1))) different[0]++;
            if (!Arrays.equals(replies.get(1), replies.get(2))) different[1]++;
            if (!Arrays.equals(replies.get(2), replies.get(0))) different[2]++;
        }

        assertThat(different).satisfies(counts -> {
            for (int count : counts) assertThat(count).isGreaterThan(10);
        });
    }

    /** Every third one takes several products of attention rows. */
    private static int[] prompt(SplittableRandom random) {
        return random.nextInt(3) == 0
                ? random.ints(random.nextInt(40, 70), 1, 60).toArray()
                : RandomModel.prompt(random);
    }

    private static float[] embedded(LanguageModel model, int token) {
        return model.transformer().embed(token);
    }

    private static void assertSameKeys(
            LanguageModel model, Sequence sequence, PlainSequence plain, SkippedKv treatment) {
        KvCache cache = sequence.cache();
        for (int layer = 1; layer <= layers(model); layer++) {
            List<PlainSequence.Entry> held = plain.held(layer);
            // The plain sequence has filled already what still waits.
            int waiting = treatment == SkippedKv.FILL ? held.size() - cache.length(layer) : 0;
            assertThat(waiting).isBetween(0, sequence.pending());
            assertThat(cache.length(layer)).isEqualTo(held.size() - waiting);
            for (int slot = 0; slot < cache.length(layer); slot++) {
                assertClose(cache.key(layer, slot), held.get(slot).key());
                assertClose(cache.value(layer, slot), held.get(slot).value());
            }
        }
    }

    private static void assertClose(float[] actual, float[] expected) {
        for (int i = 0; i < expected.length; i++) {
            float allowed = TOLERANCE * Math.max(1, Math.abs(expected[i]));
            // Asserting every value would take most of the time of these tests.
            if (Math.abs(actual[i] - expected[i]) <= allowed) continue;
            assertThat(actual[i]).as("value %d", i).isCloseTo(expected[i], offset(allowed));
        }
    }

    private static int[] lengths(LanguageModel model, Sequence sequence) {
        return IntStream.rangeClosed(1, layers(model))
                .map(layer -> sequence.cache().length(layer))
                .toArray();
    }

    private static int[] exits(Reply reply) {
        return reply.steps().stream().mapToInt(Step::exitLayer).toArray();
    }

    private static Decoder decoder(LanguageModel model, ExitPlan plan, int newTokens) {
        return new Decoder(model, new GenerationConfig(plan, Sampling.GREEDY, Limits.newTokens(newTokens)));
    }

    private static int layers(LanguageModel model) {
        return model.transformer().config().layers();
    }
}
