package sparrow.server.realtime.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sparrow.server.audio.Sound;
import sparrow.server.realtime.event.SessionConfig;
import sparrow.server.vad.Turn;
import sparrow.server.vad.Vad;

/** Clients that append minutes at once do not keep others waiting. */
class LongAppendTest {
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
    private static final byte[] MINUTE = new byte[60 * 48_000];

    private final CountDownLatch begun = new CountDownLatch(PROCESSORS);
    private final AtomicInteger ended = new AtomicInteger();

    private volatile boolean served;

    /** Takes its time until another session is served, nine seconds for a minute, and hears nothing. */
    private final class SlowVad implements Vad {
        private boolean used;

        @Override
        public float probability(float[] samples, int offset) {
            if (!used) begun.countDown();
            used = true;
            for (long end = System.nanoTime() + 5_000_000; !served && System.nanoTime() < end; ) Thread.onSpinWait();
            return 0;
        }

        @Override
        public void reset() {}
    }

    private static final class Nobody implements InputTurns.Listener {
        @Override
        public String speechStarted(long startMs) {
            return "item";
        }

        @Override
        public void requireRoom() {}

        @Override
        public void turn(Optional<String> itemId, Sound said) {}

        @Override
        public void speechStopped(String itemId, Turn turn) {}

        @Override
        public void speaking(Sound soFar) {}

        @Override
        public boolean isAudible() {
            return false;
        }

        @Override
        public void judged(float probability) {}
    }

    @Tag("full")
    @Test
    void anotherSessionIsServedWhileAllProcessorsListen() throws InterruptedException {
        for (int i = 0; i < PROCESSORS; i++) {
            InputTurns turns = new InputTurns(
                    SlowVad::new, new Nobody(), SessionMemory.ofSamples(1).share(), SessionConfig.DEFAULT);
            Thread.ofVirtual().start(() -> {
                turns.append(MINUTE);
                ended.incrementAndGet();
            });
        }
        begun.await();

        AtomicInteger before = new AtomicInteger(-1);
        Runnable session = () -> {
            before.set(ended.get());
            served = true;
        };
        Thread.ofVirtual().start(session).join();

        assertThat(before).hasValue(0);
    }
}
