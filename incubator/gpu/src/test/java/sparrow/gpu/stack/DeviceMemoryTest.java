package sparrow.gpu.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sparrow.engine.decode.Sequence;
import sparrow.engine.device.LostDeviceException;
import sparrow.engine.transformer.HeadKernel;
import sparrow.engine.transformer.HeadWeights;
import sparrow.engine.transformer.HiddenState;
import sparrow.engine.transformer.Logits;
import sparrow.engine.transformer.Transformer;

/** What a model takes of a device and gives back, and what is said where there is no more. */
@Tag("device")
class DeviceMemoryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A page and a bit of the next one. */
    private static final int[] PROMPT = IntStream.range(1, 71).toArray();

    /** A sequence of a prompt, carried through all layers. */
    private static Sequence sequence(Transformer transformer, int[] prompt) {
        Sequence sequence = new Sequence(transformer);
        for (int token : prompt) sequence.append(token);
        sequence.runPending();
        return sequence;
    }

    private static int best(HeadKernel headKernel, HeadWeights head, HiddenState state) {
        return headKernel.logits(head, List.of(state)).getFirst().best(StackUnderTest.VOCABULARY);
    }

    @Test
    void thousandConversationsLeaveNothingBehind() throws InterruptedException {
        try (StackUnderTest both = new StackUnderTest(1, 512)) {
            Transformer transformer = both.onDevice();
            Sequence system = sequence(transformer, PROMPT);
            HeadWeights head = both.head();
            HeadKernel headKernel = transformer.newHeadKernel();
            best(headKernel, head, system.newest());
            // What a step is recorded as stays.
            system.append(1);
            system.runPending();
            String start = both.stack().held();

            for (int i = 0; i < 1000; i++) {
                Sequence conversation = system.fork();
                conversation.append(1 + i % 80);
                conversation.runPending();
                // With a head of its own, which knows some tokens only.
                best(transformer.newHeadKernel(), both.headWithout(3), conversation.newest());
            }

            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!both.stack().held().equals(start) && System.nanoTime() < end) {
                System.gc();
                Thread.sleep(1);
                // Heads that nobody holds any more are given back when the next one is used.
                best(headKernel, head, system.newest());
            }
            assertThat(both.stack().held()).isEqualTo(start);
            assertThat(system.length()).isEqualTo(PROMPT.length + 1);
        }
    }

    @Test
    void scoresStayWhenTheirScorerIsDropped() {
        try (StackUnderTest both = new StackUnderTest(2, 512)) {
            Transformer transformer = both.onDevice();
            Sequence sequence = sequence(transformer, PROMPT);
            Logits scores = transformer
                    .newHeadKernel()
                    .logits(both.head(), List.of(sequence.newest()))
                    .getFirst();
            int objects = both.device().openObjects();

            for (int i = 0; i < 5; i++) System.gc();

            assertThat(scores.values()).hasSize(StackUnderTest.VOCABULARY);
            assertThat(both.device().openObjects()).isEqualTo(objects);
        }
    }

    @Test
    void sequencesThatWereDroppedMakeRoomForOthers() {
        try (StackUnderTest both = new StackUnderTest(3, 128)) {
            Transformer transformer = both.onDevice();
            int[] prompt = Arrays.copyOf(PROMPT, 20);
            sequence(transformer, PROMPT).truncate(0);
            both.device().leave(0);

            // Each holds a page and twenty states; there is memory for two and 128.
            for (int i = 0; i < 12; i++) {
                Sequence sequence = sequence(transformer, prompt);
                SameSequences.assertClose(
                        sequence.newest().read(),
                        sequence(both.host(), prompt).newest().read());
            }
        }
    }

    @Test
    void sequencesThatAreHeldAreRefusedMoreInOneLineAndStayWhatTheyAre() {
        try (StackUnderTest both = new StackUnderTest(3, 128)) {
            Transformer transformer = both.onDevice();
            Sequence held = sequence(transformer, PROMPT);
            both.device().leave(0);
            Sequence other = new Sequence(transformer);
            other.append(1);

            assertThatThrownBy(other::runPending)
                    .isInstanceOf(IllegalStateException.class)
                    .isNotInstanceOf(LostDeviceException.class)
                    .hasMessage("gpu: Test device has no memory for keys and values of more than 128 positions");

            assertThat(other.pending()).isEqualTo(1);
            held.truncate(60);
            other.runPending();
            SameSequences.assertClose(
                    other.newest().read(),
                    sequence(both.host(), new int[] {1}).newest().read());
        }
    }

    @Test
    void passThatFindsNoMemoryIsRefusedInOneLineAndCanBeDoneAgain() {
        try (StackUnderTest both = new StackUnderTest(4, 512)) {
            Transformer transformer = both.onDevice();
            Sequence sequence = new Sequence(transformer);
            for (int token : PROMPT) sequence.append(token);
            both.device().leave(2000);
            long before = both.device().allocated();

            assertThatThrownBy(sequence::runPending)
                    .isInstanceOf(IllegalStateException.class)
                    .isNotInstanceOf(LostDeviceException.class)
                    .hasMessageMatching("gpu: Test device has no memory for another [0-9]+ bytes:"
                            + " Test: allocation failed: FULL \\(-4\\)");

            assertThat(both.device().allocated()).isEqualTo(before);
            both.device().leave(Integer.MAX_VALUE);
            sequence.runPending();
            SameSequences.assertClose(
                    sequence.newest().read(),
                    sequence(both.host(), PROMPT).newest().read());
        }
    }

    @Test
    void whatIsLargerThanOneAllocationIsCutAndPagesStayWithinIt() {
        // Two pages of this model, and a third of its output matrix.
        try (StackUnderTest both = new StackUnderTest(5, 512, 2 * StackUnderTest.pageBytes(5))) {
            Transformer transformer = both.onDevice();
            SameSequences sequences = new SameSequences(both);
            SplittableRandom random = new SplittableRandom(5);
            for (int i = 0; i < 10; i++) sequences.step(random, List.of(0), StackUnderTest.LAYERS);
            sequences.check();
            List<Sequence> held = new ArrayList<>(List.of(sequence(transformer, Arrays.copyOf(PROMPT, 10))));
            Sequence third = new Sequence(transformer);
            third.append(1);

            assertThatThrownBy(third::runPending)
                    .hasMessage("gpu: Test device has no memory for keys and values of more than 128 positions");

            assertThat(held.getFirst().length()).isEqualTo(10);
            sequences.check();
        }
    }

    @Test
    void stepWaitsOnceForItsChoiceAndPromptsDoNotWait() {
        try (StackUnderTest both = new StackUnderTest(6, 512)) {
            Transformer transformer = both.onDevice();
            Sequence sequence = new Sequence(transformer);
            HeadWeights head = both.head();
            HeadKernel headKernel = transformer.newHeadKernel();
            for (int token : PROMPT) sequence.append(token);
            int before = both.device().waits();

            sequence.runPending();
            assertThat(both.device().waits()).isEqualTo(before);
            for (int i = 1; i <= 20; i++) {
                int token = best(headKernel, head, sequence.newest());
                assertThat(both.device().waits()).isEqualTo(before + i);
                sequence.append(token);
                // Early exits and what they leave; a fork; a cut.
                int layer = i % 2 == 0 ? StackUnderTest.LAYERS : 1;
                transformer.forward(sequence.pendingBelow(layer), layer);
                sequence.fork().truncate(5);
            }
            assertThat(both.device().waits()).isEqualTo(before + 20);
            assertThat(both.device().launches()).isPositive();
        }
    }

    @Test
    void lostDeviceIsToldAtOnceAndEverAfterAndClosesQuietly() {
        StackUnderTest both = new StackUnderTest(7, 512);
        Transformer transformer = both.onDevice();
        Sequence sequence = sequence(transformer, PROMPT);
        HeadKernel headKernel = transformer.newHeadKernel();
        String line = "gpu: Test device was lost: Test: wait failed: GONE (-1)";
        both.device().lose();

        assertThatThrownBy(() -> best(headKernel, both.head(), sequence.newest()))
                .isInstanceOf(LostDeviceException.class)
                .hasMessage(line);
        for (Runnable any : List.<Runnable>of(
                () -> sequence.newest().read(),
                () -> sequence.cache().key(1, 0),
                () -> sequence.fork().newest(),
                () -> best(headKernel, both.head(), sequence.newest()),
                () -> sequence(transformer, PROMPT))) {
            assertThatThrownBy(any::run).isInstanceOf(LostDeviceException.class).hasMessage(line);
        }
        both.close();
        assertThat(both.device().isClosed()).isTrue();
        both.stack().close();
        assertThatThrownBy(() -> sequence.newest().read()).hasMessage("the model is closed");
    }
}
