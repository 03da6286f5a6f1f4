package sparrow.models.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.StopReason;
import sparrow.models.OpenOptions;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.chat.ChatHistory;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** A listener that wants no more holds up the sound of its reply, as it holds up decoding, and not for ever. */
class SlowListenerTest {
    private static final int CODES = 30;

    private final AtomicLong now = new AtomicLong(1);
    private ComputePool threads;
    private SpokenModel model;
    private VocoderPool vocoders;
    private Scheduler scheduler;

    /** Accepts tokens from the beginning, and sound once it is allowed. */
    private static final class Slow extends Heard {
        private final Thread decoding = Thread.currentThread();
        private volatile boolean isDecoded;
        private volatile boolean wantsSound;

        @Override
        public boolean isReady() {
            return wantsSound || !isDecoded && Thread.currentThread() == decoding;
        }
    }

    @BeforeEach
    void open() throws IOException {
        threads = new ComputePool(1);
        model = SpokenModels.bundled(OpenOptions.NONE, Kernels.create(threads));
        vocoders = new VocoderPool(1, new PoolObserver() {});
        PoolOptions one = new PoolOptions(1, 8, 1L << 30, Duration.ofMinutes(1), 1);
        scheduler = new Scheduler(model, one, new PoolObserver() {}, now::get, vocoders);
    }

    @AfterEach
    void close() {
        vocoders.close();
        model.close();
        threads.close();
    }

    /** A reply of several blocks whose tokens are decided, and whose listener wants no sound. */
    private Slow decoded() {
        int offset = model.languageModel().tokens().speechOffset();
        List<Unit> codes = IntStream.range(0, CODES)
                .<Unit>mapToObj(i -> new Unit.Token(offset + i * 37 % 512))
                .toList();
        GenerationConfig config = new GenerationConfig(ExitPlan.NONE, Sampling.GREEDY, Limits.newTokens(CODES));
        Slow slow = new Slow();
        ChatHistory chat = ChatHistory.of(new Question.Codes(new int[] {276, 143, 475}));
        PooledRequest request =
                scheduler.request(model, null, chat, new ReplyOptions(config, SpeechMode.PUBLISHED, codes), slow);
        scheduler.submit(request);
        while (!request.isDecoded()) scheduler.turn();
        slow.isDecoded = true;
        return slow;
    }

    @Test
    void noSoundIsMadeUntilItIsWanted() {
        Slow slow = decoded();
        assertThat(scheduler.turn()).isEqualTo(Scheduler.Outcome.HELD);
        assertThat(slow.speech).isEmpty();
        assertThat(slow.ends).isZero();

        slow.wantsSound = true;
        while (slow.ends == 0) scheduler.turn();

        assertThat(slow.failure).isNull();
        // The blocks at codes 25 and 30.
        assertThat((double) slow.speech.length / model.synthesizer().sampleRateHz())
                .isCloseTo(CODES / model.codesPerSecond(), within(0.01));
    }

    @Test
    void aReplyThatWaitedTooLongBreaksOffAndLeavesNothing() {
        Slow slow = decoded();
        scheduler.turn();
        now.addAndGet(Duration.ofMinutes(10).toNanos());
        scheduler.turn();
        assertThat(slow.ends).isZero();

        now.addAndGet(Duration.ofSeconds(1).toNanos());
        scheduler.turn();

        assertThat(slow.failure).isInstanceOf(SlowListenerException.class).hasMessageContaining("10 minutes");
        while (scheduler.turn() != Scheduler.Outcome.IDLE || vocoders.queue() > 0) Thread.onSpinWait();
        assertThat(scheduler.status().active()).isZero();
    }

    @Test
    void aReplyThatIsCancelledWhileItWaitsEnds() {
        Slow slow = decoded();
        scheduler.shutDown();
        while (slow.ends == 0) scheduler.turn();

        assertThat(slow.reply.reply().stop()).isEqualTo(StopReason.CANCELLED);
    }
}
