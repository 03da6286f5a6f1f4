package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.Machine;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Modality;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.Step;
import sparrow.testing.Seeds;

/** Replies whose tokens are given. */
@Tag("stack")
class TeacherForcingTest {
    @RegisterExtension
    private final Machine machine = new Machine(1);

    static LongStream seeds() {
        return Seeds.drawn(20261);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aReplyThatIsForcedToItsOwnTokensChoosesThemAgain(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageModel model = RandomModel.of(random, machine);
        ExitPlan plan = RandomModel.plan(random, model.transformer().config().layers());
        int[] prompt = RandomModel.prompt(random);
        List<Step> free = reply(model, plan, prompt, new int[0], 40).steps();

        List<Step> forced =
                reply(model, plan, prompt, tokens(free), free.size()).steps();

        assertThat(tokens(forced)).isEqualTo(tokens(free));
        assertThat(forced)
                .extracting(Step::exitLayer)
                .isEqualTo(free.stream().map(Step::exitLayer).toList());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void forcedTokensDecideModalityDepthAndHistory(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageModel model = RandomModel.of(random, machine);
        int layers = model.transformer().config().layers();
        ExitPlan plan = ExitPlan.speech(new ExitPolicy.Fixed(random.nextInt(1, layers)));
        int offset = model.tokens().speechOffset();
        int[] speech = IntStream.range(0, 12).map(i -> offset + i).toArray();
        int[] prompt = RandomModel.prompt(random);
        Sequence sequence = new Sequence(model);

        List<Step> steps =
                reply(model, plan, sequence, prompt, speech, speech.length).steps();

        assertThat(steps).hasSize(12);
        for (int i = 0; i < 12; i++) {
            // Where the text slot is padded it comes back, though speech takes it: that is speech 1 of the next chunk.
            boolean slotStays = model.tokens().speech().marks().isPresent();
            boolean text = i == 0 || slotStays && i % model.interleave().speechTokens() == 0;
            assertThat(steps.get(i).modality()).isEqualTo(text ? Modality.TEXT : Modality.SPEECH);
            assertThat(steps.get(i).exitLayer() < layers).isEqualTo(!text);
        }
        // What follows sees the forced tokens, not the chosen ones: as if they had been part of the prompt.
        int[] all = IntStream.concat(IntStream.of(prompt), IntStream.of(speech)).toArray();
        Step next = reply(model, ExitPlan.NONE, sequence, new int[] {1}, new int[0], 1)
                .steps()
                .getFirst();
        int[] whole = IntStream.concat(IntStream.of(all), IntStream.of(1)).toArray();
        assertThat(next.token())
                .isEqualTo(reply(model, ExitPlan.NONE, whole, new int[0], 1)
                        .steps()
                        .getFirst()
                        .token());
    }

    private static int[] tokens(List<Step> steps) {
        return steps.stream().mapToInt(Step::token).toArray();
    }

    private static Reply reply(LanguageModel model, ExitPlan plan, int[] prompt, int[] forced, int newTokens) {
        return reply(model, plan, new Sequence(model), prompt, forced, newTokens);
    }

    private static Reply reply(
            LanguageModel model, ExitPlan plan, Sequence sequence, int[] prompt, int[] forced, int newTokens) {
        return new Decoder(model, new GenerationConfig(plan, Sampling.GREEDY, Limits.newTokens(newTokens)))
                .replies(List.of(Request.of(sequence, prompt).withForced(forced)))
                .getFirst();
    }
}
