package sparrow.models.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.head.Sampling;
import sparrow.models.FakeDevice;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.TestedDevice;
import sparrow.models.chat.ChatHistory;
import sparrow.models.chat.Window;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** The batch, turn by turn, without a thread of its own: so what comes between two passes comes there for certain. */
@Tag("stack")
@Tag("long")
class SchedulerTest {
    private final List<PoolObserver.Pass> passes = new ArrayList<>();
    private final PoolObserver observer = new PoolObserver() {
        @Override
        public void pass(PoolObserver.Pass pass) {
            passes.add(pass);
        }
    };
    private ComputePool threads;
    private SpokenModel model;
    private VocoderPool vocoders;

    @BeforeEach
    void open() throws IOException {
        threads = new ComputePool(1);
        model = SpokenModels.bundled(TestedDevice.OPTIONS, Kernels.create(threads));
        vocoders = new VocoderPool(1, observer);
    }

    @AfterEach
    void close() {
        vocoders.close();
        model.close();
        threads.close();
    }

    private Scheduler scheduler(int active, int positions) {
        return scheduler(active, positions, Duration.ofMinutes(1));
    }

    private Scheduler scheduler(int active, int positions, Duration passTarget) {
        return new Scheduler(
                model,
                new PoolOptions(active, 8, bytes(positions), passTarget, 1),
                observer,
                System::nanoTime,
                vocoders);
    }

    /** Bytes of keys and values of so many positions, in the steps in which caches grow. */
    private long bytes(int positions) {
        var config = model.languageModel().transformer().config();
        return 2L * config.layers() * config.kvHeads() * config.headWidth() * 4 * Math.ceilDiv(positions, 256) * 256;
    }

    private ReplyOptions silent() {
        return new ReplyOptions(
                new GenerationConfig(model.defaultPlan(), Sampling.GREEDY, new Limits(60, 60)), SpeechMode.SILENT);
    }

    private Heard ask(Scheduler scheduler, KvSlot slot, ChatHistory chat) {
        Heard heard = new Heard();
        scheduler.submit(scheduler.request(scheduler.model(), slot, chat, silent(), heard));
        return heard;
    }

    /** A question of so many codes, unlike another one from its first on. */
    private static ChatHistory chat(int first, int codes) {
        int[] question = new int[codes];
        Arrays.fill(question, 7);
        question[0] = first;
        return ChatHistory.of(new Question.Codes(question));
    }

    private static void turns(Scheduler scheduler, int count) {
        for (int i = 0; i < count; i++) scheduler.turn();
    }

    private static Heard end(Scheduler scheduler, Heard heard) {
        while (heard.ends == 0) scheduler.turn();
        return heard;
    }

    @Test
    void whoAskedJustBeforeTheLoopBrokeDownHearsOfIt() {
        Scheduler scheduler = scheduler(1, 512);
        Heard heard = ask(scheduler, null, chat(1, 20));

        scheduler.breakDown(new AssertionError("a defect"));

        assertThat(heard.ends).isEqualTo(1);
        assertThat(heard.failure).hasMessageContaining("the pool failed").hasMessageContaining("a defect");
        assertThatThrownBy(() -> ask(scheduler, null, chat(1, 20))).isInstanceOf(IllegalStateException.class);
    }

    /** Keys and values of one more reply may not fit the machine's memory. */
    @Test
    void aReplyWhoseAdmissionEndsByAnErrorHearsOfIt() throws IOException {
        try (SpokenModel full = FakeDevice.failing(Kernels.create(threads), () -> new OutOfMemoryError("keys"))) {
            Scheduler scheduler = new Scheduler(full, PoolOptions.DEFAULT, observer, System::nanoTime, vocoders);
            Heard heard = ask(scheduler, null, chat(1, 20));

            assertThatThrownBy(() -> scheduler.runUntil(() -> heard.ends > 0)).isInstanceOf(OutOfMemoryError.class);

            assertThat(heard.ends).isEqualTo(1);
            assertThat(heard.failure).hasMessageContaining("the pool failed").hasMessageContaining("keys");
        }
    }

    @Test
    void aQueueMayBeAsLongAsNumbersGo() {
        PoolOptions endless = new PoolOptions(1, Integer.MAX_VALUE, bytes(512), Duration.ofMinutes(1), 1);
        Scheduler scheduler = new Scheduler(model, endless, observer, System::nanoTime, vocoders);

        assertThat(end(scheduler, ask(scheduler, null, chat(1, 20))).failure).isNull();
    }

    /** Returns a scheduler that answers one question and accepts no other until the reply has ended. */
    private Scheduler withoutQueue() {
        PoolOptions options = new PoolOptions(1, 0, bytes(512), Duration.ofMinutes(1), 1);
        return new Scheduler(model, options, observer, System::nanoTime, vocoders);
    }

    @ParameterizedTest
    @EnumSource(names = {"SILENT", "PUBLISHED"})
    void whoeverHearsTheEndOfAReplyMayAskInItsPlace(SpeechMode speech) {
        Scheduler scheduler = withoutQueue();
        Heard next = new Heard();
        Heard first = new Heard() {
            @Override
            public void ended(PooledReply ended) {
                try {
                    scheduler.submit(scheduler.request(model, null, chat(2, 20), silent(), next));
                } catch (PoolFullException e) {
                    next.failed(e);
                }
                super.ended(ended);
            }
        };

        scheduler.submit(
                scheduler.request(model, null, chat(1, 20), new ReplyOptions(silent().config(), speech), first));
        end(scheduler, first);

        assertThat(end(scheduler, next).failure).isNull();
    }

    @Test
    void whoeverHearsTheEndOfASlotsReplyMayAskTheSlotAgain() {
        Scheduler scheduler = scheduler(1, 512);
        KvSlot slot = scheduler.open();
        Heard third = new Heard();
        Heard second = thenAsks(third, () -> slot.ask(chat(3, 20), silent(), third));
        Window.Fitting fitting = Window.Fitting.complete(model, chat(2, 20));
        Heard first = thenAsks(second, () -> slot.ask(fitting, silent(), second));

        slot.ask(chat(1, 20), silent(), first);

        for (Heard heard : List.of(first, second, third))
            assertThat(end(scheduler, heard).failure).isNull();
    }

    /** A listener that asks a question at the end of its reply, and reports a failure to the question's listener. */
    private static Heard thenAsks(Heard next, Runnable question) {
        return new Heard() {
            @Override
            public void ended(PooledReply ended) {
                try {
                    question.run();
                } catch (IllegalStateException e) {
                    next.failed(e);
                }
                super.ended(ended);
            }
        };
    }

    @Test
    void aReplyThatFailsLeavesItsPlaceInTheQueue() {
        Scheduler scheduler = withoutQueue();
        Heard first = ask(scheduler, null, chat(1, 20));
        assertThatThrownBy(() -> ask(scheduler, null, chat(2, 20))).isInstanceOf(PoolFullException.class);
        PooledRequest second = scheduler.request(model, null, chat(2, 20), silent(), new Heard());
        turns(scheduler, 5);

        model.close();

        assertThat(end(scheduler, first).failure).isNotNull();
        scheduler.submit(second);
    }

    @Test
    void aPassThatFailsEndsItsRepliesAndLeavesTheLoopWhole() {
        Scheduler scheduler = scheduler(1, 512);
        Heard first = ask(scheduler, null, chat(1, 20));
        Heard second = ask(scheduler, null, chat(2, 20));
        turns(scheduler, 5);
        assertThat(first.steps).isNotEmpty();

        model.close();

        assertThat(end(scheduler, first).failure).isInstanceOf(IllegalStateException.class);
        assertThat(end(scheduler, second).failure).isInstanceOf(IllegalStateException.class);
        scheduler.turn();
        assertThat(scheduler.status().active()).isZero();
        assertThat(scheduler.status().kvReserved()).isZero();
        assertThat(scheduler.status().kvIdle()).isZero();
    }

    @Test
    void aQuestionThatIsStillBeingSaidBreaksNothingWhereItCannotBePrefilled() {
        Scheduler scheduler = scheduler(1, 512);
        KvSlot slot = scheduler.open();
        scheduler.prefillEarly(slot, chat(1, 40));

        model.close();

        assertThat(scheduler.turn()).isEqualTo(Scheduler.Outcome.IDLE);
        assertThat(slot.sequence()).isNull();
    }

    @Test
    void aPassThatFailsIsNotTrustedWithWhatWasExpectedEither() {
        Scheduler scheduler = scheduler(1, 512);
        KvSlot slot = scheduler.open();
        end(scheduler, ask(scheduler, slot, chat(1, 40)));
        scheduler.prefillEarly(slot, chat(1, 80));

        model.close();
        scheduler.turn();

        assertThat(slot.sequence()).isNull();
    }

    @Test
    void aSlotThatIsClosedWhileItsReplyIsDecodedKeepsNothing() {
        Scheduler scheduler = scheduler(1, 512);
        KvSlot slot = scheduler.open();
        Heard heard = new Heard();
        slot.ask(chat(1, 40), silent(), heard);
        turns(scheduler, 5);

        slot.close();
        turns(scheduler, 2);

        assertThat(heard.ends).isEqualTo(1);
        assertThat(scheduler.status()).isEqualTo(new ConversationPool.Status(0, 0, 0, 0, 0, bytes(512), 0));
    }

    @Test
    void whatASlotHoldsOfALongerListIsReservedWithItsNextReply() {
        Scheduler scheduler = scheduler(2, 768);
        KvSlot slot = scheduler.open();
        end(scheduler, ask(scheduler, slot, chat(1, 300)));
        long held = slot.bytes();
        assertThat(held).isGreaterThan(bytes(256));

        Heard shorter = ask(scheduler, slot, chat(1, 20));
        scheduler.turn();

        assertThat(shorter.ends).isZero();
        assertThat(scheduler.status().kvReserved()).isGreaterThanOrEqualTo(slot.bytes());
        Heard other = ask(scheduler, null, chat(2, 300));
        while (other.ends == 0) {
            scheduler.turn();
            assertThat(scheduler.status().kvReserved() + scheduler.status().kvIdle())
                    .isLessThanOrEqualTo(bytes(768));
        }
        assertThat(shorter.ends).isEqualTo(1);
    }

    @Test
    void whatManyExpectAtOnceStaysWithinTheMemory() {
        Scheduler scheduler = scheduler(1, 768);
        List<KvSlot> slots = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            slots.add(scheduler.open());
            scheduler.prefillEarly(slots.get(i), chat(i, 300));
        }

        while (scheduler.turn() == Scheduler.Outcome.PASSED) {
            assertThat(slots.stream().mapToLong(KvSlot::bytes).sum()).isLessThanOrEqualTo(bytes(768));
        }

        assertThat(scheduler.status().kvIdle()).isEqualTo(bytes(512));
    }

    @Test
    void whatIsExpectedIsGivenUpWhereAReplyNeedsItsMemory() {
        // Few positions go along in a pass, so that what is expected takes many.
        Scheduler scheduler = scheduler(2, 768, Duration.ofNanos(1));
        Heard speaking = ask(scheduler, null, chat(1, 20));
        while (speaking.steps.isEmpty()) scheduler.turn();
        KvSlot slot = scheduler.open();
        scheduler.prefillEarly(slot, chat(2, 200));
        turns(scheduler, 3);
        assertThat(slot.sequence()).isNotNull();
        assertThat(speaking.ends).isZero();
        passes.clear();

        Heard needing = end(scheduler, ask(scheduler, null, chat(3, 300)));

        assertThat(slot.sequence()).isNull();
        assertThat(passes.stream().mapToInt(PoolObserver.Pass::prefilled).sum())
                .isEqualTo(
                        needing.reply.prompt().tokens() - needing.reply.prompt().cached());
    }

    @Test
    void aReplyThatEndedLastIsUsedLast() {
        Scheduler scheduler = scheduler(2, 768);
        KvSlot one = scheduler.open();
        KvSlot other = scheduler.open();
        Heard lasting = ask(scheduler, one, chat(1, 150));
        scheduler.turn();
        Heard cut = new Heard();
        ReplyHandle handle = other.ask(chat(2, 150), silent(), cut);
        while (cut.steps.isEmpty()) scheduler.turn();
        handle.cancel();
        end(scheduler, cut);
        assertThat(lasting.ends).isZero();
        end(scheduler, lasting);

        end(scheduler, ask(scheduler, null, chat(3, 300)));

        assertThat(one.sequence()).isNotNull();
        assertThat(other.sequence()).isNull();
    }
}
