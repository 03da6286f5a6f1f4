package sparrow.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sparrow.server.message.MessageMemory;
import sparrow.server.realtime.IncomingFrame.Outcome;

/** Frames are read as far as there is room for them. */
class IncomingFrameTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final int MAX = 1 << 20;

    private final MessageMemory memory = new MessageMemory(64L * MAX);

    /** Shorter than a long frame, which is one above 16 KiB. */
    private final String piece = "x".repeat(10 << 10);

    private final List<String> happened = new ArrayList<>();

    /** Of the room for frames, that for one is left. */
    @BeforeEach
    void leaveRoomForOneLongFrame() {
        assertThat(memory.receive(4L * MAX, LONG)).isCompleted();
    }

    private IncomingFrame frame(String name, Duration patience) {
        return new IncomingFrame(memory, patience, MAX, new IncomingFrame.Receiver() {
            @Override
            public void more() {
                happened.add(name + " more");
            }

            @Override
            public void whole(Outcome outcome) {
                happened.add(name + " " + outcome);
            }
        });
    }

    @Test
    void aShortFrameComesAsItIs() {
        IncomingFrame frame = frame("a", LONG);
        frame.add("{\"ü", false);
        frame.add("\":1}", true);

        assertThat(happened).containsExactly("a more", "a SHORT");
        assertThat(frame.take()).isEqualTo("{\"ü\":1}");
    }

    @Test
    void aLongFrameIsReadOnWhenAnotherHasBeenUnderstood() {
        IncomingFrame first = frame("a", LONG);
        IncomingFrame second = frame("b", LONG);
        for (int i = 0; i < 3; i++) first.add(piece, i == 2);
        second.add(piece, false);
        second.add(piece, false);
        assertThat(happened).containsExactly("a more", "a more", "a LONG", "b more");
        assertThat(second.isWaiting()).isTrue();

        assertThat(first.take()).hasSize(3 * piece.length());
        first.close();

        assertThat(second.isWaiting()).isFalse();
        second.add("", true);
        assertThat(happened).endsWith("b more", "b more", "b LONG");
        assertThat(second.take()).hasSize(2 * piece.length());
    }

    @Test
    void aFrameThatFindsNoRoomInTimeIsReadToItsEndAndDropped() throws InterruptedException {
        IncomingFrame first = frame("a", LONG);
        first.add(piece + piece, false);
        CountDownLatch more = new CountDownLatch(1);
        IncomingFrame second = new IncomingFrame(memory, Duration.ofMillis(1), MAX, new IncomingFrame.Receiver() {
            @Override
            public void more() {
                more.countDown();
            }

            @Override
            public void whole(Outcome outcome) {
                happened.add("b " + outcome);
            }
        });
        second.add(piece + piece, false);
        assertThat(more.await(5, TimeUnit.MINUTES)).isTrue();
        second.add(piece, true);

        assertThat(happened).endsWith("b DROPPED");
        assertThat(second.take()).isEmpty();
    }

    @Test
    void aConnectionThatIsGoneGivesItsRoomToTheNext() {
        IncomingFrame first = frame("a", LONG);
        IncomingFrame second = frame("b", LONG);
        IncomingFrame third = frame("c", LONG);
        first.add(piece + piece, false);
        second.add(piece + piece, false);
        third.add(piece + piece, false);

        second.close();
        first.close();

        assertThat(happened).contains("a more", "c more");
    }

    @Test
    void aFrameThatIsTooLongEndsAtTheLimit() {
        IncomingFrame frame = frame("a", LONG);
        frame.add("x".repeat(MAX), false);
        frame.add("x", false);

        assertThat(happened).containsExactly("a more", "a TOO_LONG");
    }

    @Test
    void aLongFrameThatTricklesIsSlow() {
        IncomingFrame frame = frame("a", LONG);
        frame.add(piece + piece, false);
        long now = System.nanoTime();

        assertThat(frame.isSlow(now + 9_000_000_000L)).isFalse();
        assertThat(frame.isSlow(now + 11_000_000_000L)).isTrue();
        frame.add("x".repeat(12 * (32 << 10)), false);
        assertThat(frame.isSlow(now + 11_000_000_000L)).isFalse();
    }
}
