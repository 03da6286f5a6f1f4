package sparrow.study.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static sparrow.study.Bundled.MODEL;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.Logits;
import sparrow.models.Prompt;
import sparrow.models.Question;
import sparrow.models.TurnPosition;
import sparrow.study.run.Decoding;
import sparrow.study.run.EncodedConversation.EncodedQuestion;
import sparrow.study.run.Replies;

/** Hidden states of replies of the bundled model. */
class ReplyReaderTest {
    private static final int[] QUESTION = {276, 143, 475, 287, 241, 260, 462, 446, 441, 262, 260, 505, 212, 105};

    private static Prompt prompt;

    @BeforeAll
    static void open() throws IOException {
        prompt = MODEL.prompt(new Question.Codes(QUESTION), TurnPosition.FIRST);
    }

    private static SortedMap<Integer, List<float[]>> read(int[] reply, Integer... layers) {
        return new ReplyReader(MODEL, new TreeSet<>(List.of(layers))).read(prompt, Unit.tokens(reply));
    }

    @Test
    void seesWhatDecidedEveryTokenOfAGreedyReply() throws IOException {
        Decoding decoding = new Decoding(Sampling.GREEDY, Limits.newTokens(80));
        int[] reply = new Replies(MODEL, ExitPlan.NONE, decoding)
                .to(List.of(EncodedQuestion.of(prompt)))
                .getFirst()
                .tokens();

        List<float[]> last = read(reply, 8).get(16);

        List<Logits> logits = MODEL.languageModel()
                .heads()
                .full()
                .logits(MODEL.languageModel().transformer(), last);
        assertThat(logits.stream()
                        .mapToInt(of -> of.best(MODEL.languageModel().tokens().usable())))
                .containsExactly(Arrays.stream(reply).boxed().toArray(Integer[]::new));
    }

    /** A reply longer than a pass: what comes later changes nothing but the order of summation. */
    @Test
    void readsPositionsAlikeWhateverFollowsThem() {
        int[] reply = new SplittableRandom(1).ints(400, 0, 500).toArray();
        SortedMap<Integer, List<float[]>> whole = read(reply, 8, 12);
        SortedMap<Integer, List<float[]>> beginning = read(Arrays.copyOf(reply, 300), 8, 12);

        for (int layer : new int[] {8, 12, 16}) {
            assertThat(whole.get(layer)).hasSize(400);
            assertThat(beginning.get(layer)).hasSize(300);
            for (int at : new int[] {0, 100, 240, 260, 299}) {
                float[] one = whole.get(layer).get(at);
                float[] other = beginning.get(layer).get(at);
                double scale = 0;
                for (float value : one) scale = Math.max(scale, Math.abs(value));
                for (int i = 0; i < one.length; i++) {
                    assertThat((double) other[i]).isCloseTo(one[i], within(1e-4 * scale));
                }
            }
        }
    }
}
