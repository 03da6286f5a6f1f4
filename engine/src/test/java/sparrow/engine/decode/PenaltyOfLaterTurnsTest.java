package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.Machine;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.StopReason;
import sparrow.testing.Seeds;

/** The repetition penalty counts the whole conversation, as when it is one long prompt. */
@Tag("stack")
class PenaltyOfLaterTurnsTest {
    @RegisterExtension
    private final Machine machine = new Machine(1);

    static LongStream seeds() {
        return Seeds.drawn(31);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aSecondTurnIsAnsweredAsIfTheFirstWereItsPrompt(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageModel model = RandomModel.of(random, machine);
        Decoder decoder = new Decoder(
                model, new GenerationConfig(ExitPlan.NONE, new Sampling(0, 0, 1, 3, 0), Limits.newTokens(8)));
        int[] first = RandomModel.prompt(random);
        int[] second = RandomModel.prompt(random);
        Sequence conversation = new Sequence(model);

        Reply answer = decoder.reply(Request.of(conversation, first).withListener(step -> {}));
        int[] said = answer.tokens();
        if (answer.stop() == StopReason.END_TOKEN) said = Arrays.copyOf(said, said.length - 1); // it is not fed
        Reply later = decoder.reply(Request.of(conversation, second).withListener(step -> {}));

        int[] all = concat(first, said, second);
        Reply alone = decoder.reply(Request.of(new Sequence(model), all).withListener(step -> {}));
        assertThat(later.tokens()).isEqualTo(alone.tokens());
    }

    private static int[] concat(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(IntStream::of).toArray();
    }
}
