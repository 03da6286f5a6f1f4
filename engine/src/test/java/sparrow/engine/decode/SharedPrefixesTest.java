package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.util.Arrays;
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
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.head.Sampling;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.Step;
import sparrow.engine.transformer.KvCache;
import sparrow.testing.Seeds;

/** Beginnings that are computed once, over random models and policies: nothing shows that they were. */
@Tag("stack")
class SharedPrefixesTest {
    @RegisterExtension
    private final Machine machine = new Machine(2);

    static LongStream seeds() {
        return Seeds.drawn(77);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyQuestionIsAnsweredToTheBitAsIfItWereTheFirst(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageModel model = RandomModel.of(random, machine);
        Decoder decoder = decoder(model, RandomModel.plan(random, layers(model)));
        SharedPrefixes reused = new SharedPrefixes(model);
        int[] prefix = RandomModel.prompt(random);

        for (int question = 0; question < 3; question++) {
            int[] prompt = concat(prefix, RandomModel.prompt(random));
            Sequence first = new SharedPrefixes(model).newSequence(prefix);
            Sequence later = reused.newSequence(prefix);

            Reply expected = decoder.reply(request(first, prompt, prefix.length));
            Reply actual = decoder.reply(request(later, prompt, prefix.length));

            assertThat(actual.tokens()).isEqualTo(expected.tokens());
            assertThat(exits(actual)).isEqualTo(exits(expected));
            assertSameBits(model, later, first);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void promptInPartsIsThePromptAsAWhole(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageModel model = RandomModel.of(random, machine);
        Decoder decoder = decoder(model, RandomModel.plan(random, layers(model)));
        int[] prefix = RandomModel.prompt(random);
        int[] prompt = concat(prefix, RandomModel.prompt(random));
        Sequence whole = new Sequence(model);
        Sequence parts = new SharedPrefixes(model).newSequence(prefix);

        Reply expected = decoder.reply(Request.of(whole, prompt));
        Reply actual = decoder.reply(request(parts, prompt, prefix.length));

        assertThat(actual.tokens()).isEqualTo(expected.tokens());
        for (int position = 0; position < prompt.length; position++) {
            assertClose(parts.cache().key(1, position), whole.cache().key(1, position));
            assertClose(
                    parts.cache().value(layers(model), position), whole.cache().value(layers(model), position));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void historyWithPendingPositionsGoesOnTheSameInItsFork(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageModel model = RandomModel.of(random, machine);
        // Every position exits early: they all wait when the reply ends.
        ExitPlan plan = new ExitPlan(new ExitPolicy.Fixed(1), new ExitPolicy.Fixed(1));
        Sequence sequence = new Sequence(model);
        decoder(model, plan).reply(Request.of(sequence, RandomModel.prompt(random)));
        int length = sequence.length();
        int pending = sequence.pending();
        int room = sequence.room();
        int[] next = RandomModel.prompt(random);

        Sequence fork = sequence.fork();
        Reply forked = decoder(model, ExitPlan.NONE).reply(Request.of(fork, next));

        assertThat(sequence.length()).isEqualTo(length);
        assertThat(sequence.pending()).isEqualTo(pending);
        assertThat(sequence.room()).isEqualTo(room);
        Reply original = decoder(model, ExitPlan.NONE).reply(Request.of(sequence, next));
        assertThat(forked.tokens()).isEqualTo(original.tokens());
        assertSameBits(model, fork, sequence);
    }

    @Test
    @Tag("host")
    void positionsDoWaitInThoseHistories() {
        long waiting = Seeds.fixed(77, 60)
                .filter(seed -> {
                    SplittableRandom random = new SplittableRandom(seed);
                    LanguageModel model = RandomModel.of(random, machine);
                    Sequence sequence = new Sequence(model);
                    decoder(model, new ExitPlan(new ExitPolicy.Fixed(1), new ExitPolicy.Fixed(1)))
                            .reply(Request.of(sequence, RandomModel.prompt(random)));
                    return sequence.pending() > 1;
                })
                .count();

        assertThat(waiting).isGreaterThan(30);
    }

    @Test
    void promptOfSeveralBlocksIsCarriedAsWholeAndWithinTheContext() {
        SplittableRandom random = new SplittableRandom(9);
        LanguageModel model = RandomModel.of(random, machine);
        int[] prompt = random.ints(400, 1, 60).toArray();
        Sequence single = new Sequence(model);

        Sequence blocks = new SharedPrefixes(model).newSequence(prompt);
        for (int token : prompt) single.append(token);
        // All at once, and in pieces that end elsewhere.
        Sequence pieces = new Sequence(model);
        for (int token : prompt) {
            pieces.append(token);
            if (pieces.pending() == 90) pieces.runPending();
        }
        pieces.runPending();
        single.runPending();

        assertThat(blocks.pending()).isZero();
        assertClose(blocks.newest().read(), single.newest().read());
        CloseKeys.check(single.cache(), pieces.cache(), model.layers(), prompt.length);
    }

    @Test
    @Tag("host")
    void repetitionPenaltyKnowsWhatTheSequenceHeldOfThePrompt() {
        Sampling penalised = new Sampling(0, 0, 1, 1.8, 0);
        int different = 0;
        for (long seed : Seeds.fixed(77, 20).toArray()) {
            SplittableRandom random = new SplittableRandom(seed);
            LanguageModel model = RandomModel.of(random, machine);
            Decoder decoder = new Decoder(model, new GenerationConfig(ExitPlan.NONE, penalised, Limits.newTokens(15)));
            int[] prefix = IntStream.range(20, 50).toArray();
            int[] prompt = concat(prefix, RandomModel.prompt(random));

            Reply whole = decoder.reply(Request.of(new Sequence(model), prompt));
            Sequence begun = new SharedPrefixes(model).newSequence(prefix);
            Reply held = decoder.reply(request(begun, prompt, prefix.length));
            Reply plain = new Decoder(model, new GenerationConfig(ExitPlan.NONE, Sampling.GREEDY, Limits.newTokens(15)))
                    .reply(Request.of(new Sequence(model), prompt));

            assertThat(held.tokens()).isEqualTo(whole.tokens());
            if (!Arrays.equals(plain.tokens(), whole.tokens())) different++;
        }
        assertThat(different).isPositive();
    }

    @Test
    void whatIsHeldMustBeLessThanThePromptAndInTheSequence() {
        LanguageModel model = RandomModel.of(new SplittableRandom(1), machine);
        Sequence sequence = new SharedPrefixes(model).newSequence(1, 2);

        assertThat(new SharedPrefixes(model).newSequence().length()).isZero();
        for (int held : new int[] {-1, 3, 4}) {
            assertThatThrownBy(() -> request(sequence, new int[] {1, 2, 3}, held))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "held tokens: expected fewer than the 3 of the prompt, and at most the 2 of the sequence, got "
                                    + held);
        }
        assertThatThrownBy(() -> request(new Sequence(model), new int[] {1, 2, 3}, 2))
                .hasMessageEndingWith("at most the 0 of the sequence, got 2");
        assertThatThrownBy(() -> new SharedPrefixes(model).newSequence(new int[512]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("prompt: 512 tokens do not fit into the context, which has room for 512");
    }

    private static Decoder decoder(LanguageModel model, ExitPlan plan) {
        return new Decoder(model, new GenerationConfig(plan, Sampling.GREEDY, Limits.newTokens(25)));
    }

    private static Request request(Sequence sequence, int[] prompt, int held) {
        return Request.of(sequence, prompt, List.of(), held);
    }

    private static int layers(LanguageModel model) {
        return model.transformer().config().layers();
    }

    private static int[] exits(Reply reply) {
        return reply.steps().stream().mapToInt(Step::exitLayer).toArray();
    }

    private static int[] concat(int[] a, int[] b) {
        return IntStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
    }

    private static void assertSameBits(LanguageModel model, Sequence actual, Sequence expected) {
        assertThat(actual.length()).isEqualTo(expected.length());
        assertThat(actual.newest().read()).containsExactly(expected.newest().read());
        KvCache a = actual.cache();
        KvCache e = expected.cache();
        for (int layer = 1; layer <= layers(model); layer++) {
            assertThat(a.length(layer)).isEqualTo(e.length(layer));
            for (int position = 0; position < e.length(layer); position++) {
                assertThat(Arrays.equals(a.key(layer, position), e.key(layer, position)))
                        .isTrue();
                assertThat(Arrays.equals(a.value(layer, position), e.value(layer, position)))
                        .isTrue();
            }
        }
    }

    /** Other blocks of rows sum the same products in another order; see EarlyExitPropertyTest. */
    private static void assertClose(float[] actual, float[] expected) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i])
                    .as("value %d", i)
                    .isCloseTo(expected[i], offset(2e-4f * Math.max(1, Math.abs(expected[i]))));
        }
    }
}
