package sparrow.models.lfm3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
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
import sparrow.models.frame.FrameUnits;
import sparrow.models.frame.GoldenUnits;
import sparrow.models.frame.RandomFrameHeads;

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
        FrameUnits units = RandomFrameHeads.addedTo(golden.units, random);
        LanguageModel model = golden.languageModel(units);
        int[] prompt = prompt(golden);
        ExitPlan plan = RandomFrameHeads.plan(random, golden.layers());

        Reply reply = decode(model, plan, prompt).getFirst();

        Sequence whole = new Sequence(golden.transformer);
        for (int id : prompt) whole.append(new Input.Token(id));
        List<List<float[]>> states = RandomFrameHeads.fullPass(units, whole, reply.units());
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
        LanguageModel model = golden.languageModel(RandomFrameHeads.addedTo(golden.units, random));
        List<ExitPlan> plans = Stream.generate(() -> RandomFrameHeads.plan(random, golden.layers()))
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
        LanguageModel model = golden.languageModel(RandomFrameHeads.addedTo(golden.units, new SplittableRandom(3)));
        int[] prompt = prompt(golden);
        ExitPlan drafts = ExitPlan.parse("text=draft:2:3,speech=draft:1:3");

        Reply verified = AllStrategies.decoder(model, config(drafts)).reply(request(model, prompt));

        assertThat(verified.units())
                .isEqualTo(decode(model, ExitPlan.NONE, prompt).getFirst().units());
    }

    private static int[] prompt(Lfm3Golden golden) {
        return GoldenUnits.ints(golden.json("generate").path("mixed_sampled").path("prompt_ids"));
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
