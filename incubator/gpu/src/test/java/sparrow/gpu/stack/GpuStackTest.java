package sparrow.gpu.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.decode.Sequence;
import sparrow.engine.transformer.Span;

/** What a device computes against what this machine computes, token by token, over pages that are crossed, shared and cut. */
@Tag("device")
class GpuStackTest {
    /** So few that a page holds a fifth of it, and that memory has to grow. */
    private static final int CONTEXT = 300;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void sequencesGoOnAsOnThisMachineWhateverHappensToThem(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (StackUnderTest both = new StackUnderTest(seed, CONTEXT)) {
            SameSequences sequences = new SameSequences(both);
            for (int turn = 0; turn < 25; turn++) {
                act(random, sequences, random.nextInt(sequences.count()));
                sequences.step(random, some(random, sequences), random.nextInt(1, StackUnderTest.LAYERS + 1));
            }
            sequences.check();
        }
    }

    private static void act(SplittableRandom random, SameSequences sequences, int index) {
        int length = sequences.length(index);
        switch (random.nextInt(6)) {
            case 0 -> {
                if (sequences.count() < 5) sequences.fork(index);
            }
            case 1 -> {
                if (sequences.count() < 5) sequences.add();
            }
            // Into a page that a fork may hold too.
            case 2 -> sequences.truncate(index, random.nextInt(length + 1));
            case 3 -> {
                if (length > 9) sequences.keep(index, kept(random, length));
            }
            default -> sequences.append(index, tokens(random, Math.min(90, sequences.room(index) - 2)));
        }
    }

    private static int[] tokens(SplittableRandom random, int most) {
        if (most < 1) return new int[0];
        return random.ints(random.nextInt(1, most + 1), 1, StackUnderTest.VOCABULARY)
                .toArray();
    }

    /** Two spans, before and behind what is forgotten. */
    private static List<Span> kept(SplittableRandom random, int length) {
        int first = random.nextInt(1, length - 4);
        int second = random.nextInt(first + 1, length);
        return List.of(new Span(0, first), new Span(second, length));
    }

    /** One or more that have room. */
    private static List<Integer> some(SplittableRandom random, SameSequences sequences) {
        List<Integer> some = new ArrayList<>();
        for (int i = 0; i < sequences.count(); i++) {
            if (sequences.room(i) < 3) sequences.truncate(i, 5);
            if (some.isEmpty() || random.nextBoolean()) some.add(i);
        }
        return some;
    }

    @Test
    void forkAndOriginalWriteToPagesOfTheirOwnAtEveryBorder() {
        SplittableRandom random = new SplittableRandom(7);
        try (StackUnderTest both = new StackUnderTest(7, CONTEXT)) {
            SameSequences sequences = new SameSequences(both);
            // One before, at, and one behind the end of a page; cut back into the shared page, and on.
            for (int length : new int[] {63, 64, 65, 128}) {
                sequences.append(
                        0, random.ints(length - sequences.length(0), 1, 90).toArray());
                sequences.step(random, List.of(0), StackUnderTest.LAYERS);
                sequences.truncate(0, length);
                sequences.fork(0);
                int fork = sequences.count() - 1;
                sequences.step(random, List.of(0, fork), StackUnderTest.LAYERS);
                sequences.truncate(fork, length - 2);
                sequences.step(random, List.of(fork), 1);
                sequences.step(random, List.of(fork), StackUnderTest.LAYERS);
                sequences.truncate(0, length);
            }
            sequences.check();
        }
    }

    @Test
    void positionsMoveAcrossBordersOfPagesAndAreTurned() {
        SplittableRandom random = new SplittableRandom(8);
        try (StackUnderTest both = new StackUnderTest(8, CONTEXT)) {
            SameSequences sequences = new SameSequences(both);
            sequences.append(0, random.ints(250, 1, 90).toArray());
            sequences.step(random, List.of(0), StackUnderTest.LAYERS);
            sequences.fork(0);

            // Out of the second page into the first, over a whole page; the fork keeps what it had.
            sequences.keep(0, List.of(new Span(0, 40), new Span(70, 130), new Span(200, 251)));
            sequences.step(random, List.of(0, 1), StackUnderTest.LAYERS);
            // What stays in front does not move at all; then nothing does.
            sequences.keep(0, List.of(new Span(0, 130), new Span(140, 152)));
            sequences.keep(1, List.of(new Span(0, 64)));
            sequences.step(random, List.of(0, 1), StackUnderTest.LAYERS);

            sequences.check();
        }
    }

    /** A device rounds what it multiplies them with to 127 steps up to the largest of 32, this machine does not with views. */
    @Test
    void modelOf4BitWeightsBeginsWithAStepAndGoesOn() {
        SplittableRandom random = new SplittableRandom(9);
        try (StackUnderTest both = StackUnderTest.of4Bits()) {
            Sequence here = new Sequence(both.host());
            Sequence there = new Sequence(both.onDevice());
            for (int rows = 1; rows < 5; rows++) {
                for (int r = 0; r < rows; r++) {
                    int token = random.nextInt(1, StackUnderTest.VOCABULARY);
                    here.append(token);
                    there.append(token);
                }
                here.runPending();
                there.runPending();

                float[] expected = here.newest().read();
                float[] actual = there.newest().read();
                double off = 0;
                double all = 0;
                for (int c = 0; c < expected.length; c++) {
                    off += Math.pow(actual[c] - expected[c], 2);
                    all += Math.pow(expected[c], 2);
                }
                assertThat(Math.sqrt(off / all)).isLessThan(0.05);
            }
        }
    }
}
