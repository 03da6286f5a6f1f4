package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.Machine;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.reply.Reply;

/** Replies of one batch that draw with the noise of streams of their own. */
@Tag("stack")
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

    /** The noise is that of the position in the sequence, so it does not matter which part of it is prompt. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void goOnTheSameFromAnyPrefixThatIsAskedForAnew(long seed) {
        LanguageModel model = RandomModel.of(new SplittableRandom(seed), machine);
        Sampling sampling = new Sampling(0.9, 0, 0.95, 1.1, seed);
        Decoder decoder = new Decoder(model, new GenerationConfig(ExitPlan.NONE, sampling, Limits.newTokens(20)));
        int[] prompt = {1, 2, 3};
        int[] reply = decoder.reply(Request.of(new Sequence(model), prompt).withStream(4))
                .tokens();

        for (int said = 1; said < reply.length; said += 4) {
            int[] longer = IntStream.concat(IntStream.of(prompt), Arrays.stream(reply, 0, said))
                    .toArray();
            int[] rest = decoder.reply(Request.of(new Sequence(model), longer).withStream(4))
                    .tokens();
            int both = Math.min(rest.length, reply.length - said);
            assertThat(Arrays.copyOf(rest, both)).isEqualTo(Arrays.copyOfRange(reply, said, said + both));
        }
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
