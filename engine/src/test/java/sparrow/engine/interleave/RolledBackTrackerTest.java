package sparrow.engine.interleave;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.Seeds;

/** Rolled back to a mark, a tracker expects what it would if it had never gone on. */
class RolledBackTrackerTest {
    private static final TokenSpace GLM = new TokenSpace(530, 512, 1042, Set.of(512));

    static LongStream seeds() {
        return Seeds.drawn(42);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void ofGlm4Voice(long seed) {
        check(new InterleaveFormat(13, 26), GLM, new int[] {3, 530, 700}, new SplittableRandom(seed));
        check(new InterleaveFormat(2, 3), GLM, new int[] {3, 530, 700}, new SplittableRandom(seed));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void ofStepAudio2WithMarksAndPadding(long seed) {
        SpeechMarks marks = StepAudio2.MARKS;
        int[] ids = {3, 610, 700, marks.textPadding(), marks.start(), marks.end()};
        check(StepAudio2.INTERLEAVE, StepAudio2.TOKENS, ids, new SplittableRandom(seed));
    }

    private static void check(InterleaveFormat format, TokenSpace tokens, int[] ids, SplittableRandom random) {
        int asked = ids[random.nextInt(ids.length)];
        InterleaveTracker wanderer = new InterleaveTracker(format, tokens, asked);
        InterleaveTracker never = new InterleaveTracker(format, tokens, asked);
        for (int decided = 0; decided < 300; decided++) {
            InterleaveTracker.Mark mark = wanderer.mark();
            walk(wanderer, ids, random);
            InterleaveTracker.Mark later = wanderer.mark();
            walk(wanderer, ids, random);
            wanderer.rollBack(later);
            assertThat(wanderer.mark()).isEqualTo(later);
            wanderer.rollBack(mark);

            assertThat(wanderer.mark()).isEqualTo(never.mark());
            assertThat(wanderer.modality()).isEqualTo(never.modality());
            assertThat(wanderer.chunkPosition()).isEqualTo(never.chunkPosition());
            assertThat(wanderer.speechTail()).isEqualTo(never.speechTail());
            // Runs, so that chunks fill up and text ends.
            int token = ids[random.nextInt(ids.length)];
            for (int run = 1 + random.nextInt(15); run > 0; run--) {
                wanderer.accept(token);
                never.accept(token);
            }
        }
    }

    private static void walk(InterleaveTracker tracker, int[] ids, SplittableRandom random) {
        for (int steps = random.nextInt(40); steps > 0; steps--) tracker.accept(ids[random.nextInt(ids.length)]);
    }
}
