package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.Machine;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.reply.Reply;
import sparrow.testing.Seeds;

/** Prompts in which hidden states stand where embeddings would. */
@Tag("stack")
class PromptEmbeddingsTest {
    @RegisterExtension
    private final Machine machine = new Machine(1);

    static LongStream seeds() {
        return Seeds.drawn(151690);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void rowsThatAreTheEmbeddingsOfOtherIdsReplyAsThoseIdsDo(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageModel model = model(random);
        Decoder decoder = decoder(model, RandomModel.plan(random, layers(model)), Sampling.GREEDY);
        // Over a border of the blocks that a prompt is carried in.
        int[] meant = random.ints(270, 1, 60).toArray();
        int[] placeholders = meant.clone();
        Arrays.fill(placeholders, 40, 60, 33);
        Arrays.fill(placeholders, 60, 75, 34);
        Arrays.fill(placeholders, 250, 265, 33);
        List<PromptEmbeddings> rows =
                List.of(rows(model, meant, 40, 60), rows(model, meant, 60, 75), rows(model, meant, 250, 265));
        Sequence held = new SharedPrefixes(model).newSequence(Arrays.copyOf(meant, 20));

        Reply expected = decoder.reply(Request.of(new Sequence(model), meant));
        Reply replaced = decoder.reply(Request.of(new Sequence(model), placeholders, rows, 0));
        Reply behindPrefix = decoder.reply(Request.of(held, placeholders, rows, 20));

        assertThat(replaced.tokens()).isEqualTo(expected.tokens());
        assertThat(behindPrefix.tokens()).isEqualTo(expected.tokens());
    }

    @Test
    @Tag("host")
    void placeholdersAloneReplyOtherwise() {
        long different = Seeds.fixed(151690, 30)
                .filter(seed -> {
                    SplittableRandom random = new SplittableRandom(seed);
                    LanguageModel model = model(random);
                    Decoder decoder = decoder(model, ExitPlan.NONE, Sampling.GREEDY);
                    int[] placeholders = {1, 33, 33, 33, 2};
                    PromptEmbeddings rows = rows(model, new int[] {1, 7, 44, 21, 2}, 1, 4);
                    Reply with = decoder.reply(Request.of(new Sequence(model), placeholders, List.of(rows), 0));
                    Reply without = decoder.reply(Request.of(new Sequence(model), placeholders));
                    return !Arrays.equals(with.tokens(), without.tokens());
                })
                .count();

        assertThat(different).isGreaterThan(15);
    }

    @Test
    @Tag("host")
    void repetitionPenaltyCountsThePlaceholders() {
        int different = 0;
        for (long seed : Seeds.fixed(151690, 30).toArray()) {
            SplittableRandom random = new SplittableRandom(seed);
            LanguageModel model = model(random);
            Decoder plain = decoder(model, ExitPlan.NONE, Sampling.GREEDY);
            Decoder penalised = decoder(model, ExitPlan.NONE, new Sampling(0, 0, 1, 1e6, 0));
            int[] prompt = {1, 2, 3, 4};
            List<PromptEmbeddings> rows = List.of(rows(model, new int[] {9, 8, 7, 6}, 0, 4));
            int first = first(plain, model, prompt, rows);

            // The same hidden states, but the token that they ask for stands under them now, and is punished.
            int[] seen = {1, first, 3, 4};

            assertThat(first(plain, model, seen, rows)).isEqualTo(first);
            if (first(penalised, model, seen, rows) != first) different++;
        }
        assertThat(different).isGreaterThan(20);
    }

    @Test
    void rowsMustBeWholeAndLieInTheNewPartOfThePromptInOrder() {
        LanguageModel model = model(new SplittableRandom(1));
        int width = model.transformer().config().width();
        Sequence sequence = new SharedPrefixes(model).newSequence(1, 2);

        refused(sequence, new PromptEmbeddings(2, new float[width + 1]))
                .hasMessage("prompt embeddings at 2: expected positions of " + width + " values, got " + (width + 1));
        refused(sequence, new PromptEmbeddings(1, new float[width]))
                .hasMessage("prompt embeddings at 1: expected positions from 2 to 4, got 1 from 1");
        refused(sequence, new PromptEmbeddings(3, new float[3 * width]))
                .hasMessage("prompt embeddings at 3: expected positions from 2 to 4, got 3 from 3");
        refused(sequence, new PromptEmbeddings(-1, new float[0])).hasMessageStartingWith("prompt embeddings at -1");
        refused(sequence, new PromptEmbeddings(Integer.MAX_VALUE, new float[width]))
                .hasMessageStartingWith("prompt embeddings");
        refused(sequence, new PromptEmbeddings(2, new float[2 * width]), new PromptEmbeddings(3, new float[width]))
                .hasMessage("prompt embeddings at 3: expected positions from 4 to 4, got 1 from 3");
        // A sound too short for a single row is legal.
        Request none = Request.of(sequence, new int[] {1, 2, 3}, List.of(new PromptEmbeddings(3, new float[0])), 2)
                .withListener(step -> {});
        assertThat(none.embeddings()).hasSize(1);
    }

    @Test
    void unknownIdIsRefusedBeforeAnythingIsAppended() {
        LanguageModel model = model(new SplittableRandom(1));
        int unknown = model.transformer().config().vocabulary();
        for (int id : new int[] {-1, unknown}) {
            Sequence sequence = new Sequence(model);

            assertThatThrownBy(() -> decoder(model, ExitPlan.NONE, Sampling.GREEDY)
                            .reply(Request.of(sequence, new int[] {1, 2, id})))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("token id: expected 0 to " + (unknown - 1) + ", got " + id);
            assertThat(sequence.length()).isZero();
        }
    }

    private static AbstractThrowableAssert<?, ?> refused(Sequence sequence, PromptEmbeddings... rows) {
        return assertThatThrownBy(() -> Request.of(sequence, new int[] {1, 2, 3, 4, 5}, List.of(rows), 2))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private LanguageModel model(SplittableRandom random) {
        return RandomModel.of(random, machine);
    }

    private static Decoder decoder(LanguageModel model, ExitPlan plan, Sampling sampling) {
        return new Decoder(model, new GenerationConfig(plan, sampling, Limits.newTokens(25)));
    }

    private static int first(Decoder decoder, LanguageModel model, int[] prompt, List<PromptEmbeddings> rows) {
        return decoder.reply(Request.of(new Sequence(model), prompt, rows, 0)).tokens()[0];
    }

    /** The embeddings of the ids at these places. */
    private static PromptEmbeddings rows(LanguageModel model, int[] ids, int from, int to) {
        int width = model.transformer().config().width();
        float[] rows = new float[(to - from) * width];
        IntStream.range(from, to)
                .forEach(at ->
                        System.arraycopy(model.transformer().embed(ids[at]), 0, rows, (at - from) * width, width));
        return new PromptEmbeddings(from, rows);
    }

    private static int layers(LanguageModel model) {
        return model.transformer().config().layers();
    }
}
