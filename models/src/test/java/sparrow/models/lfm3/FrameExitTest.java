package sparrow.models.lfm3;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.decode.Decoder;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.Request;
import sparrow.engine.decode.Sequence;
import sparrow.engine.decode.speculate.AllStrategies;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.head.ExitHead;
import sparrow.engine.head.ExitHeads;
import sparrow.engine.head.Input;
import sparrow.engine.head.OutputHead;
import sparrow.engine.head.Sampler;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.Step;
import sparrow.engine.transformer.Logits;
import sparrow.engine.transformer.Position;
import sparrow.engine.transformer.Transformer;
import sparrow.models.frame.FrameUnits;
import sparrow.models.frame.FrontHead;
import sparrow.tensor.Matrix;
import sparrow.tensor.kernel.Weight;

/**
 * Early exit with windows, gates, post norms and masked passes: whatever the schedule, each unit is that of its head on
 * the state of the full pass.
 */
class FrameExitTest {
    private static final int UNITS = 60;

    /** Greedy for text; codes are drawn, with a penalty for recent ones. */
    private static final Sampling SAMPLING = new Sampling(0, 0, 1, 1, 9, new Sampling.Codes(0.9, 20, 1.3, 5));

    static List<String> sets() {
        return Lfm3Golden.SETS;
    }

    static Stream<Arguments> schedules() {
        return sets().stream().flatMap(set -> IntStream.range(0, 6).mapToObj(seed -> Arguments.of(set, seed)));
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @MethodSource("schedules")
    void everyUnitIsThatOfItsHeadOnTheStateOfTheFullPass(String set, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Lfm3Golden golden = Lfm3Golden.of(set);
        FrameUnits units = withRandomHeads(golden, random);
        LanguageModel model = golden.languageModel(units);
        int[] prompt = prompt(golden);
        ExitPlan plan = new ExitPlan(policy(random, golden.layers()), policy(random, golden.layers()));

        Reply reply = decode(model, plan, prompt).getFirst();

        List<List<float[]>> states = fullPass(golden, units, prompt, reply.units());
        int early = 0;
        Sampler sampler = new Sampler(SAMPLING, model.tokens().usable());
        for (int i = 0; i < reply.steps().size(); i++) {
            Step step = reply.steps().get(i);
            int position = prompt.length - 1 + i;
            float[] state = states.get(step.exitLayer()).get(position);
            assertThat(step.unit())
                    .as("step %d of %s", i, plan)
                    .isEqualTo(choice(model, units, step, state, sampler, position));
            if (step.exitLayer() < golden.layers()) early++;
        }
        assertThat(early).isPositive();
    }

    @ParameterizedTest
    @MethodSource("sets")
    void repliesOfABatchAreThoseThatEachGetsAlone(String set) {
        SplittableRandom random = new SplittableRandom(7);
        Lfm3Golden golden = Lfm3Golden.of(set);
        LanguageModel model = golden.languageModel(withRandomHeads(golden, random));
        List<ExitPlan> plans = Stream.generate(
                        () -> new ExitPlan(policy(random, golden.layers()), policy(random, golden.layers())))
                .limit(8)
                .toList();
        int[] prompt = prompt(golden);

        Decoder decoder = new Decoder(model, config(ExitPlan.NONE));
        var batch = plans.stream()
                .map(plan -> decoder.admit(request(model, prompt), config(plan)))
                .toList();
        while (decoder.prefill(7) > 0) {}
        while (!decoder.isIdle()) decoder.step();

        for (int i = 0; i < plans.size(); i++) {
            assertThat(batch.get(i).reply().units())
                    .isEqualTo(decode(model, plans.get(i), prompt).getFirst().units());
        }
    }

    @ParameterizedTest
    @MethodSource("sets")
    void verifiedDraftsAreTheReplyOfFullDepth(String set) {
        Lfm3Golden golden = Lfm3Golden.of(set);
        LanguageModel model = golden.languageModel(withRandomHeads(golden, new SplittableRandom(3)));
        int[] prompt = prompt(golden);
        ExitPlan drafts = ExitPlan.parse("text=draft:2:3,speech=draft:1:3");

        Reply verified = AllStrategies.decoder(model, config(drafts)).reply(request(model, prompt));

        assertThat(verified.units())
                .isEqualTo(decode(model, ExitPlan.NONE, prompt).getFirst().units());
    }

    private static int[] prompt(Lfm3Golden golden) {
        return Lfm3Golden.ints(golden.json("generate").path("mixed_sampled").path("prompt_ids"));
    }

    private static Request request(LanguageModel model, int[] prompt) {
        return Request.of(new Sequence(model), prompt);
    }

    private static GenerationConfig config(ExitPlan plan) {
        return new GenerationConfig(plan, SAMPLING, Limits.newTokens(UNITS));
    }

    private static List<Reply> decode(LanguageModel model, ExitPlan plan, int[] prompt) {
        return new Decoder(model, config(plan)).replies(List.of(request(model, prompt)));
    }

    private static ExitPolicy policy(SplittableRandom random, int layers) {
        int layer = random.nextInt(1, layers);
        return switch (random.nextInt(3)) {
            case 0 -> new ExitPolicy.Fixed(layer);
            case 1 -> (ExitPolicy) DepthPolicy.parse("conf:" + layer + ":5.5");
            default -> new ExitPolicy.Periodic("FEE", layer);
        };
    }

    /** A head of text and one of frames after every layer, with and without the final norm. */
    private static FrameUnits withRandomHeads(Lfm3Golden golden, SplittableRandom random) {
        Transformer transformer = golden.transformer;
        int width = transformer.config().width();
        int rows = rows(golden);
        List<ExitHead> heads = new ArrayList<>();
        SortedMap<Integer, FrontHead> fronts = new TreeMap<>(golden.units.fronts());
        float epsilon = transformer.config().normEpsilon();
        for (int layer = 1; layer < golden.layers(); layer++) {
            float[] norm = random.nextBoolean() ? transformer.finalNorm() : null;
            heads.add(new ExitHead(
                    layer, weight(golden, random, transformer.config().vocabulary(), width), null, norm, epsilon));
            fronts.put(
                    layer,
                    new FrontHead(weight(golden, random, rows, width), numbers(random, rows, 0.1), norm, epsilon));
        }
        return new FrameUnits(
                transformer,
                ExitHeads.of(transformer, heads),
                fronts,
                golden.depth(),
                golden.units.embedding(),
                golden.tokens.space(),
                golden.tokens.start(),
                golden.units.pattern());
    }

    /** Outputs of a front head. */
    private static int rows(Lfm3Golden golden) {
        return golden.depth().codebooks() * golden.depth().width();
    }

    private static Weight weight(Lfm3Golden golden, SplittableRandom random, int rows, int columns) {
        float[] values = numbers(random, rows * columns, 2 / Math.sqrt(columns));
        return golden.kernels.view(Matrix.copyOf(values, rows, columns, Arena.ofAuto()));
    }

    private static float[] numbers(SplittableRandom random, int n, double scale) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = (float) (random.nextGaussian() * scale);
        return values;
    }

    /** The states of all positions, [layers + 1][positions], by one pass at full depth. */
    private static List<List<float[]>> fullPass(Lfm3Golden golden, FrameUnits units, int[] prompt, List<Unit> reply) {
        Sequence sequence = new Sequence(golden.transformer);
        for (int id : prompt) sequence.append(new Input.Token(id));
        for (Unit unit : reply) sequence.append(units.input(unit));
        List<Position> positions = sequence.pendingBelow(1);
        List<List<float[]>> states = new ArrayList<>();
        for (int layer = 0; layer <= golden.layers(); layer++) {
            if (layer > 0) golden.transformer.forward(positions, layer);
            states.add(
                    positions.stream().map(position -> position.state().read()).toList());
        }
        return states;
    }

    /** The unit that a head chooses in the state of a full pass, after the frames before it. */
    private static Unit choice(
            LanguageModel model, FrameUnits units, Step step, float[] state, Sampler sampler, int position) {
        Transformer transformer = model.transformer();
        if (step.modality() == Modality.TEXT) {
            Logits logits = units.heads()
                    .at(step.exitLayer())
                    .logits(transformer, List.of(state.clone()))
                    .getFirst();
            return new Unit.Token(logits.best(model.tokens().usable()));
        }
        float[] front = units.fronts()
                .get(step.exitLayer())
                .inputs(transformer.newHeadKernel(), List.of(transformer.state(state.clone())))
                .getFirst();
        OutputHead.Query query = new OutputHead.Query(null, Modality.SPEECH, false, sampler, position);
        Unit frame = units.depth()
                .newChooser()
                .choice(List.of(front), List.of(query))
                .frame(0);
        int[] codes = units.codes(frame);
        if (codes.length > 0) sampler.observeFrame(position, codes);
        return frame;
    }
}
