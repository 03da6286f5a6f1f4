package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.Machine;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Input;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.Step;
import sparrow.engine.reply.StopReason;
import sparrow.engine.transformer.HiddenState;
import sparrow.engine.transformer.Position;
import sparrow.testing.Seeds;

/**
 * The two properties that make SPAR-K exact, over random models of both layouts and of three families, prompts with
 * and without rows of hidden states, policies, patterns, chunk lengths and turns:
 * every unit, token or frame, is the greedy choice of the head that its position used on the hidden state of the <em>unmodified</em>
 * model (teacher-forcing oracle), and the filled KV cache is that of one full-depth prefill.
 */
@Tag("stack")
class EarlyExitPropertyTest {
    @RegisterExtension
    private final Machine machine = new Machine(2);

    /** Replies with a schedule, and steps in them whose place was checked. */
    private static final AtomicInteger SCHEDULED = new AtomicInteger();

    private static final AtomicInteger PLACES = new AtomicInteger();

    static LongStream seeds() {
        return Seeds.drawn(20260);
    }

    /** The check of a reply ends where a random model leaves the pattern, but not before the first steps of most replies. */
    @AfterAll
    static void mostSchedulesAreCheckedInSeveralPlaces() {
        assertThat(PLACES.get()).isGreaterThanOrEqualTo(SCHEDULED.get());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyUnitIsTheGreedyChoiceOfItsHeadOnTheUnmodifiedModel(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageModel model = RandomModel.any(random, machine);
        ExitPlan plan = RandomModel.plan(random, layers(model));
        Sequence sequence = new Sequence(model);
        List<float[]> history = new ArrayList<>();
        List<Integer> decidedAt = new ArrayList<>();
        List<Step> decided = new ArrayList<>();

        for (int turn = 0; turn < 3; turn++) {
            Request request = request(random, model, sequence, step -> {
                        if (step.exitLayer() == layers(model)) assertNothingIsMissing(sequence, model);
                    })
                    .withProbabilities(true);
            Reply reply = decoder(model, plan, random.nextInt(1, 60)).reply(request);
            history.addAll(states(model, request));
            for (Step step : reply.steps()) {
                decidedAt.add(history.size() - 1);
                decided.add(step);
                history.add(RandomModel.embedding(model, step.unit()));
            }
            if (reply.stop() == StopReason.END_TOKEN) history.removeLast();
        }

        float[][][] hidden = hiddenStates(model, history);
        assertThat(decided).hasSizeGreaterThanOrEqualTo(3);
        for (int i = 0; i < decided.size(); i++) {
            GreedyChoice.check(model, plan, decided.get(i), hidden[decidedAt.get(i)]);
        }
    }

    @Test
    @Tag("host")
    void aRequestThatDoesNotAskForProbabilitiesHasNoConfidence() {
        LanguageModel model = RandomModel.of(new SplittableRandom(1), machine);
        Decoder decoder = decoder(model, ExitPlan.NONE, 20);

        Reply asked = decoder.reply(Request.of(new Sequence(model), 1, 2).withProbabilities(true));
        Reply notAsked = decoder.reply(Request.of(new Sequence(model), 1, 2));

        assertThat(asked.confidence().orElseThrow()).isBetween(0.0, 1.0);
        assertThat(notAsked.units()).isEqualTo(asked.units());
        assertThat(notAsked.confidence()).isEmpty();
    }

    /** Counts the places anew from the modalities, so that a place that is off by one is found. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aScheduleFollowsThePlaceInTheChunk(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageModel model = RandomModel.any(random, machine);
        ExitPlan plan = ExitPlan.parse("text=FEE:1,speech=FEE:1");

        Reply reply = decoder(model, plan, 60).reply(request(random, model, new Sequence(model), step -> {}));

        SCHEDULED.incrementAndGet();
        int place = 0;
        for (int i = 0; i < reply.steps().size(); i++) {
            Step step = reply.steps().get(i);
            Modality modality = step.modality();
            boolean speech = step.unit() instanceof Unit.Frame || model.units().isSpeech(step.unit());
            place = i > 0 && reply.steps().get(i - 1).modality() == modality ? place + 1 : 1;
            // Longer runs are chunks that follow each other; a unit of the other modality begins a new one.
            int run = modality == Modality.TEXT
                    ? model.interleave().textTokens()
                    : model.interleave().speechTokens();
            if (place > run || speech != (modality == Modality.SPEECH)) break;
            assertThat(step.chunkPosition()).as("step %d", i).isEqualTo(place);
            PLACES.incrementAndGet();
            // The first unit is decided by the prompt's last position, at full depth.
            assertThat(step.exitLayer()).as("step %d", i).isEqualTo(i == 0 || place % 3 == 1 ? layers(model) : 1);
            // A mark of the beginning or the end of speech begins a new chunk.
            if (model.units().mayBreakPattern(step.unit())) break;
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void filledCacheIsThatOfOneFullDepthPrefill(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageModel model = RandomModel.any(random, machine);
        ExitPlan plan = RandomModel.plan(random, layers(model));
        Sequence sequence = new Sequence(model);
        Request first = request(random, model, sequence, step -> {});
        Request second = request(random, model, sequence, step -> {});
        Reply reply = decoder(model, plan, 40).reply(first);

        // The new turn arrives while positions of the old one may be pending, and must carry them.
        decoder(model, plan, 1).reply(second);

        List<float[]> history = new ArrayList<>(states(model, first));
        for (Unit unit : reply.units()) history.add(RandomModel.embedding(model, unit));
        if (reply.stop() == StopReason.END_TOKEN) history.removeLast();
        history.addAll(states(model, second));
        assertThat(sequence.pending()).isZero();
        CloseKeys.check(sequence.cache(), prefill(model, history).cache(), model.layers(), history.size());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void batchOfSequencesGivesWhatEachGivesAlone(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageModel model = RandomModel.any(random, machine);
        Decoder decoder = decoder(model, RandomModel.plan(random, layers(model)), 30);
        List<Request> requests = IntStream.range(0, 5)
                .mapToObj(i -> request(random, model, new Sequence(model), step -> {}))
                .toList();

        List<Reply> together = decoder.replies(requests);

        for (int i = 0; i < requests.size(); i++) {
            Request same = requests.get(i);
            Reply alone = decoder.reply(Request.of(new Sequence(model), same.prompt(), same.embeddings(), 0));
            assertThat(together.get(i).units()).isEqualTo(alone.units());
            assertThat(together.get(i).stop()).isEqualTo(alone.stop());
            assertThat(exits(together.get(i))).isEqualTo(exits(alone));
        }
    }

    @Test
    @Tag("host")
    void everyKindOfReplyOccursInTheseTests() {
        int[] plain = new int[3];
        int[] marked = new int[3];
        int[] framed = new int[3];
        Seeds.fixed(20260, 60).forEach(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            LanguageModel model = RandomModel.any(random, machine);
            Request request = request(random, model, new Sequence(model), step -> {});
            boolean marks = model.tokens().speech().marks().isPresent();
            int[] counts = model.units() instanceof FrameUnits ? framed : marks ? marked : plain;
            for (Step step : decoder(model, ExitPlan.NONE, 40).reply(request).steps()) {
                boolean text = step.modality() == Modality.TEXT;
                if (!text) counts[0]++;
                // Text without speech: a run that is longer than that of a cycle.
                if (text && step.chunkPosition() > model.interleave().textTokens()) counts[1]++;
                assertThat(step.unit() instanceof Unit.Frame).isEqualTo(counts == framed && !text);
            }
            if (!request.embeddings().isEmpty()) counts[2]++;
        });

        assertThat(plain[0]).isGreaterThan(200);
        assertThat(plain[1]).isZero();
        assertThat(plain[2]).isGreaterThan(5);
        assertThat(marked[0]).isGreaterThan(200);
        assertThat(marked[1]).isPositive();
        assertThat(marked[2]).isGreaterThan(5);
        assertThat(framed[0]).isGreaterThan(200);
        assertThat(framed[2]).isGreaterThan(5);
    }

    /** Any prompt, every second one with hidden states over some of its positions. */
    private static Request request(
            SplittableRandom random, LanguageModel model, Sequence sequence, Consumer<Step> listener) {
        int[] prompt = RandomModel.prompt(random);
        int width = model.transformer().config().width();
        return Request.of(sequence, prompt, RandomModel.rows(random, prompt.length, width), 0)
                .withListener(listener);
    }

    /** Hidden states before layer 1 of a prompt's positions. */
    private static List<float[]> states(LanguageModel model, Request request) {
        List<float[]> states = new ArrayList<>();
        for (int token : request.prompt()) states.add(model.transformer().embed(token));
        for (PromptEmbeddings rows : request.embeddings()) {
            int width = model.transformer().config().width();
            for (int at = rows.at(); at < rows.end(width); at++) {
                int from = (at - rows.at()) * width;
                states.set(at, Arrays.copyOfRange(rows.values(), from, from + width));
            }
        }
        return states;
    }

    private static int[] exits(Reply reply) {
        return reply.steps().stream().mapToInt(Step::exitLayer).toArray();
    }

    /** After a full-depth step every layer holds every position. */
    private static void assertNothingIsMissing(Sequence sequence, LanguageModel model) {
        assertThat(sequence.pending()).isZero();
        for (int layer = 1; layer <= layers(model); layer++) {
            assertThat(sequence.cache().length(layer)).isEqualTo(sequence.length());
        }
    }

    /** Hidden states [positions][layers + 1][width] of one full-depth prefill. */
    static float[][][] hiddenStates(LanguageModel model, List<float[]> history) {
        float[][][] hidden = new float[history.size()][layers(model) + 1][];
        Sequence sequence = new Sequence(model.transformer());
        for (float[] embedded : history) sequence.append(new Input.Vector(0, embedded, 0));
        List<HiddenState> states =
                sequence.pendingBelow(1).stream().map(Position::state).toList();
        for (int layer = 0; layer <= layers(model); layer++) {
            if (layer > 0) {
                model.transformer().forward(sequence.pendingBelow(layer), layer);
            }
            for (int p = 0; p < history.size(); p++)
                hidden[p][layer] = states.get(p).read();
        }
        return hidden;
    }

    private static Sequence prefill(LanguageModel model, List<float[]> history) {
        Sequence sequence = new Sequence(model.transformer());
        for (float[] embedded : history) sequence.append(new Input.Vector(0, embedded, 0));
        model.transformer().forward(sequence.pendingBelow(layers(model)), layers(model));
        return sequence;
    }

    private static Decoder decoder(LanguageModel model, ExitPlan plan, int newTokens) {
        return new Decoder(model, new GenerationConfig(plan, Sampling.GREEDY, Limits.newTokens(newTokens)));
    }

    private static int layers(LanguageModel model) {
        return model.transformer().config().layers();
    }
}
