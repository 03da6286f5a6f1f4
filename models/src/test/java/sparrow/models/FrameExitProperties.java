package sparrow.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.decode.Decoder;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.Request;
import sparrow.engine.decode.Sequence;
import sparrow.engine.decode.speculate.StrategyFactory;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Input;
import sparrow.engine.head.OutputHead;
import sparrow.engine.head.Sampler;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.Step;
import sparrow.engine.transformer.Logits;
import sparrow.engine.transformer.Transformer;
import sparrow.models.family.PromptTokens;
import sparrow.models.frame.FrameUnits;
import sparrow.models.frame.GoldenUnits;
import sparrow.models.frame.RandomFrameHeads;

/**
 * Early exit where speech positions decide frames: a head of a lower layer is followed by the unchanged depth decoder.
 * Whatever the schedule, each unit is that of its head on the state of the full pass.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("exports") // only tests use this class
public abstract class FrameExitProperties {
    private static final int UNITS = 60;

    private final List<String> sets;
    private final Sampling sampling;

    /**
     * A set of golden data.
     *
     * @param units the units, without exit heads
     * @param model creates a model with other heads
     * @param prompt the prompt of a reply
     */
    public record Golden(FrameUnits units, Function<FrameUnits, LanguageModel> model, PromptTokens prompt) {}

    /** @param sets the names of the sets of golden data */
    protected FrameExitProperties(List<String> sets, Sampling sampling) {
        this.sets = sets;
        this.sampling = sampling;
    }

    protected abstract Golden golden(String set);

    public final List<String> sets() {
        return sets;
    }

    public final Stream<Arguments> schedules() {
        return sets.stream().flatMap(set -> IntStream.range(0, 6).mapToObj(seed -> Arguments.of(set, seed)));
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @MethodSource("schedules")
    public void everyUnitIsThatOfItsHeadOnTheStateOfTheFullPass(String set, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Golden golden = golden(set);
        Transformer transformer = golden.units().transformer();
        int layers = transformer.config().layers();
        FrameUnits units = RandomFrameHeads.addedTo(golden.units(), random);
        LanguageModel model = golden.model().apply(units);
        ExitPlan plan = RandomFrameHeads.plan(random, layers);

        Reply reply = decode(model, plan, golden.prompt());

        Sequence whole = new Sequence(transformer);
        for (float[] input : GoldenUnits.inputs(transformer, golden.prompt())) {
            whole.append(new Input.Vector(0, input, 0));
        }
        int before = whole.length() - 1;
        List<List<float[]>> states = RandomFrameHeads.fullPass(units, whole, reply.units());
        int early = 0;
        Sampler sampler = new Sampler(sampling, model.tokens().usable());
        for (int i = 0; i < reply.steps().size(); i++) {
            Step step = reply.steps().get(i);
            float[] state = states.get(step.exitLayer()).get(before + i);
            assertThat(step.unit())
                    .as("step %d of %s", i, plan)
                    .isEqualTo(choice(model, units, step, state, sampler, before + i));
            if (step.exitLayer() < layers) early++;
        }
        assertThat(early).isPositive();
    }

    /** Returns the unit that a head chooses in the state of a full pass, after the frames before it. */
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

    @ParameterizedTest
    @MethodSource("sets")
    public void repliesOfABatchAreThoseThatEachGetsAlone(String set) {
        SplittableRandom random = new SplittableRandom(7);
        Golden golden = golden(set);
        LanguageModel model = golden.model().apply(RandomFrameHeads.addedTo(golden.units(), random));
        List<ExitPlan> plans = Stream.generate(() -> RandomFrameHeads.plan(
                        random, model.transformer().config().layers()))
                .limit(8)
                .toList();

        Decoder decoder = new Decoder(model, config(ExitPlan.NONE));
        var batch = plans.stream()
                .map(plan -> decoder.admit(request(model, golden.prompt()), config(plan)))
                .toList();
        while (decoder.prefill(7) > 0) {}
        while (!decoder.isIdle()) decoder.step();

        for (int i = 0; i < plans.size(); i++) {
            assertThat(batch.get(i).reply().units())
                    .isEqualTo(decode(model, plans.get(i), golden.prompt()).units());
        }
    }

    @ParameterizedTest
    @MethodSource("sets")
    public void verifiedDraftsAreTheReplyOfFullDepth(String set) {
        Golden golden = golden(set);
        LanguageModel model = golden.model().apply(RandomFrameHeads.addedTo(golden.units(), new SplittableRandom(3)));
        ExitPlan drafts = ExitPlan.parse("text=draft:2:3,speech=draft:1:3");

        Reply verified = StrategyFactory.decoder(model, config(drafts)).reply(request(model, golden.prompt()));

        assertThat(verified.units())
                .isEqualTo(decode(model, ExitPlan.NONE, golden.prompt()).units());
    }

    protected final GenerationConfig config(ExitPlan plan) {
        return new GenerationConfig(plan, sampling, Limits.newTokens(UNITS));
    }

    private static Request request(LanguageModel model, PromptTokens prompt) {
        return Request.of(new Sequence(model), prompt.ids(), prompt.embeddings(), 0);
    }

    private Reply decode(LanguageModel model, ExitPlan plan, PromptTokens prompt) {
        return new Decoder(model, config(plan)).reply(request(model, prompt));
    }
}
