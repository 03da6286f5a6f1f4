package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sparrow.engine.Machine;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.StopReason;

/** What happens where the context ends. */
@Tag("stack")
class ContextLimitTest {
    @RegisterExtension
    private final Machine machine = new Machine(1);

    @Test
    void replyStopsWhenTheContextIsFullAndALaterTurnIsRefusedInOneLine() {
        int filled = 0;
        for (long seed = 0; seed < 12; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            LanguageModel model = RandomModel.of(random, machine);
            Sequence sequence = new Sequence(model);
            Decoder decoder =
                    new Decoder(model, new GenerationConfig(ExitPlan.NONE, Sampling.GREEDY, Limits.newTokens(10_000)));

            Reply reply = decoder.reply(Request.of(sequence, RandomModel.prompt(random)));

            if (reply.stop() == StopReason.END_TOKEN) continue;
            filled++;
            assertThat(reply.stop()).isEqualTo(StopReason.CONTEXT_FULL);
            assertThat(sequence.length()).isEqualTo(model.transformer().config().contextLength());
            assertThatThrownBy(() -> decoder.reply(Request.of(sequence, new int[] {1})))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("do not fit into the context");
        }
        assertThat(filled).isPositive();
    }
}
