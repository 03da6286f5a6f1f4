package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sparrow.engine.Machine;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.sample.Sampling;

/** Replies of one batch that draw from random sequences of their own. */
class StreamsTest {
    @RegisterExtension
    private final Machine machine = new Machine(1);

    @Test
    void drawDifferentTokensForTheSamePromptAndEachTheSameAgain() {
        LanguageModel model = RandomModel.of(new SplittableRandom(3), machine);
        Decoder decoder = new Decoder(
                model, new GenerationConfig(ExitPlan.NONE, new Sampling(1, 0, 1, 1, 7), Limits.newTokens(20)));

        List<int[]> replies = replies(model, decoder, 0, 1, 2, 3);
        List<int[]> again = replies(model, decoder, 3, 2);

        assertThat(replies).doesNotHaveDuplicates();
        assertThat(again.get(0)).isEqualTo(replies.get(3));
        assertThat(again.get(1)).isEqualTo(replies.get(2));
        assertThat(replies.get(0))
                .isEqualTo(decoder.reply(Request.of(new Sequence(model), new int[] {1, 2, 3}))
                        .tokens());
    }

    private static List<int[]> replies(LanguageModel model, Decoder decoder, long... streams) {
        return decoder
                .replies(LongStream.of(streams)
                        .mapToObj(stream -> Request.of(new Sequence(model), new int[] {1, 2, 3})
                                .withStream(stream))
                        .toList())
                .stream()
                .map(Reply::tokens)
                .toList();
    }
}
