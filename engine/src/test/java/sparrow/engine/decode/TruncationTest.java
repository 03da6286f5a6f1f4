package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.Machine;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.SkippedKv;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.Step;
import sparrow.testing.Seeds;

/**
 * A sequence that was cut goes on as one that never held more: inside of pending runs, at the borders of chunks, at 0 and at
 * the end, over random models, plans and prompts.
 */
@Tag("stack")
class TruncationTest {
    @RegisterExtension
    private final Machine machine = new Machine(2);

    static LongStream seeds() {
        return Seeds.drawn(20264);
    }

    /** A conversation of two turns, and the prompts that made it. */
    private record Talk(Sequence sequence, List<PromptEmbeddings> embeddings) {}

    private static Talk talk(SplittableRandom random, LanguageModel model, ExitPlan plan) {
        Sequence sequence = new Sequence(model);
        List<PromptEmbeddings> embeddings = new ArrayList<>();
        for (int turn = 0; turn < 2; turn++) {
            int[] prompt = RandomModel.prompt(random);
            List<PromptEmbeddings> own = RandomModel.rows(random, prompt.length, model.width());
            int before = sequence.tokens().length;
            for (PromptEmbeddings some : own) embeddings.add(new PromptEmbeddings(before + some.at(), some.values()));
            Reply reply = decoder(model, plan, random.nextInt(1, 40)).reply(Request.of(sequence, prompt, own, 0));
            embeddings.addAll(frames(model, reply, before + prompt.length));
        }
        return new Talk(sequence, embeddings);
    }

    /** The inputs of a reply's frames, which stand in place of their placeholders in a token list. */
    private static List<PromptEmbeddings> frames(LanguageModel model, Reply reply, int from) {
        List<PromptEmbeddings> frames = new ArrayList<>();
        for (int i = 0; i < reply.steps().size(); i++) {
            Unit unit = reply.steps().get(i).unit();
            if (unit instanceof Unit.Frame) {
                frames.add(new PromptEmbeddings(from + i, RandomModel.embedding(model, unit)));
            }
        }
        return frames;
    }

    private static Decoder decoder(LanguageModel model, ExitPlan plan, int newTokens) {
        return new Decoder(model, new GenerationConfig(plan, Sampling.GREEDY, Limits.newTokens(newTokens)));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void sequenceThatWasCutGoesOnAsAFreshPrefillOfTheCutList(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageModel model = RandomModel.any(random, machine);
        ExitPlan plan = RandomModel.plan(random, model.layers());
        Talk talk = talk(random, model, plan);
        int[] list = talk.sequence().tokens();
        int cut = cut(random, list.length);
        int[] next = RandomModel.prompt(random);
        int[] wanted = concatenated(Arrays.copyOf(list, cut), next);

        talk.sequence().truncate(cut);
        assertThat(talk.sequence().tokens()).isEqualTo(Arrays.copyOf(list, cut));
        Reply reply = decoder(model, plan, 20).reply(Request.of(talk.sequence(), next));
        talk.sequence().runPending();

        Sequence fresh = new Sequence(model);
        Reply expected = decoder(model, plan, 20)
                .reply(Request.of(fresh, wanted, within(talk.embeddings(), cut, model.width()), 0));
        fresh.runPending();
        assertThat(reply.units()).isEqualTo(expected.units());
        assertThat(reply.steps())
                .extracting(Step::exitLayer)
                .isEqualTo(expected.steps().stream().map(Step::exitLayer).toList());
        assertThat(talk.sequence().tokens()).isEqualTo(fresh.tokens());
        CloseKeys.check(talk.sequence().cache(), fresh.cache(), model.layers(), fresh.length());
    }

    /** 0, the end, and anything between. */
    private static int cut(SplittableRandom random, int length) {
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> length;
            default -> random.nextInt(length + 1);
        };
    }

    private static int[] concatenated(int[] a, int[] b) {
        int[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static List<PromptEmbeddings> within(List<PromptEmbeddings> all, int cut, int width) {
        return all.stream()
                .filter(some -> some.at() < cut)
                .map(some -> new PromptEmbeddings(
                        some.at(),
                        Arrays.copyOf(some.values(), Math.min(some.values().length, (cut - some.at()) * width))))
                .toList();
    }

    @Test
    @Tag("host")
    void cutsInsideOfPendingRunsOccurInTheseTests() {
        int[] inside = {0};
        Seeds.fixed(20264, 120).forEach(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            LanguageModel model = RandomModel.any(random, machine);
            Talk talk = talk(random, model, RandomModel.plan(random, model.layers()));
            int pending = talk.sequence().pending();
            int cut = cut(random, talk.sequence().tokens().length);
            int last = talk.sequence().length();
            if (cut < last && cut > last - pending) inside[0]++;
        });

        assertThat(inside[0]).isGreaterThan(3);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void editedHistoryKeepsWhatItSharesWithTheOldOne(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageModel model = RandomModel.any(random, machine);
        ExitPlan plan = RandomModel.plan(random, model.layers());
        Talk talk = talk(random, model, plan);
        int[] edited = talk.sequence().tokens();
        int at = random.nextInt(edited.length);
        edited[at] = edited[at] == 5 ? 6 : 5;
        int held = talk.sequence().length();

        Request request = Request.onCommonPrefix(talk.sequence(), edited, talk.embeddings());

        assertThat(request.held()).isEqualTo(Math.min(Math.min(at, held), edited.length - 1));
        Sequence fresh = new Sequence(model);
        Reply expected = decoder(model, plan, 20).reply(Request.of(fresh, edited, talk.embeddings(), 0));
        assertThat(decoder(model, plan, 20).reply(request).units()).isEqualTo(expected.units());
        talk.sequence().runPending();
        fresh.runPending();
        CloseKeys.check(talk.sequence().cache(), fresh.cache(), model.layers(), fresh.length());
    }

    @Test
    void otherHiddenStatesInPlaceOfTheSameTokensAreAnotherList() {
        LanguageModel model = RandomModel.of(new SplittableRandom(3), machine);
        int[] list = {4, 5, 6, 7, 8};
        float[] heard = new float[2 * model.width()];
        Arrays.fill(heard, 0.5f);
        float[] other = heard.clone();
        other[model.width()] = 0.25f;
        Sequence sequence = new Sequence(model);
        decoder(model, ExitPlan.NONE, 1).reply(Request.of(sequence, list, List.of(new PromptEmbeddings(1, heard)), 0));

        assertThat(held(sequence, list, new PromptEmbeddings(1, heard.clone()))).isEqualTo(4);
        assertThat(held(sequence, list, new PromptEmbeddings(1, other))).isEqualTo(2);
        assertThat(held(sequence, list)).isEqualTo(1);
        assertThat(sequence.tokens()).containsExactly(4);
    }

    private static int held(Sequence sequence, int[] list, PromptEmbeddings... embeddings) {
        return Request.onCommonPrefix(sequence, list, List.of(embeddings)).held();
    }

    /** Keys and values that were copied or omitted do not come back, and places are counted anew. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void cutForgetsWhatWasCopiedOrOmittedBehindIt(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageModel model = RandomModel.any(random, machine);
        SkippedKv treatment = RandomModel.suited(random.nextBoolean() ? SkippedKv.COPY : SkippedKv.OMIT, model);
        ExitPlan plan = RandomModel.plan(random, model.layers(), treatment);
        int[] prompt = RandomModel.prompt(random);
        int[] next = RandomModel.prompt(random);
        Sequence sequence = new Sequence(model);
        Reply reply = decoder(model, plan, 30).reply(Request.of(sequence, prompt));
        int cut = prompt.length + random.nextInt(reply.steps().size());

        sequence.truncate(cut);
        Reply actual = decoder(model, plan, 20).reply(Request.of(sequence, next));

        // The same reply, stopped there; only the token that was decided and never fed is taken back.
        Sequence shorter = new Sequence(model);
        decoder(model, plan, cut - prompt.length + 1).reply(Request.of(shorter, prompt));
        shorter.truncate(cut);
        Reply expected = decoder(model, plan, 20).reply(Request.of(shorter, next));
        assertThat(actual.units()).isEqualTo(expected.units());
        for (int layer = 1; layer <= model.layers(); layer++) {
            assertThat(sequence.cache().length(layer)).isEqualTo(shorter.cache().length(layer));
        }
    }

    @Test
    void cutBeyondTheListIsRefused() {
        LanguageModel model = RandomModel.of(new SplittableRandom(3), machine);
        Sequence sequence = new SharedPrefixes(model).newSequence(1, 2, 3);

        assertThatThrownBy(() -> sequence.truncate(4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("position: expected 0 to the 3 tokens of the sequence, got 4");
        assertThatThrownBy(() -> sequence.truncate(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(sequence.length()).isEqualTo(3);
    }
}
