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
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.kernel.ComputePool;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.sample.Sampling;
import sparrow.models.OpenOptions;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;

/** The batch, turn by turn, without a thread of its own: so what comes between two passes comes there for certain. */
@Tag("stack")
@Tag("long")
class ReplyLoopTest {
    private final List<PoolPass> passes = new ArrayList<>();
    private final PoolObserver observer = new PoolObserver() {
        @Override
        public void pass(PoolPass pass) {
            passes.add(pass);
        }
    };
    private ComputePool threads;
    private SpokenModel model;
    private Vocoders vocoders;

    @BeforeEach
    void open() throws IOException {
        threads = new ComputePool(1);
        model = SpokenModels.bundled(OpenOptions.NONE, Kernels.create(threads));
        vocoders = new Vocoders(1, observer);
    }

    @AfterEach
    void close() {
        vocoders.close();
        model.close();
        threads.close();
    }

    private ReplyLoop loop(int active, int positions) {
        return loop(active, positions, Duration.ofMinutes(1));
    }

    private ReplyLoop loop(int active, int positions, Duration passTarget) {
        return new ReplyLoop(
                model,
                new PoolOptions(active, 8, bytes(positions), passTarget, 1, PoolAlignment.STRICT),
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
                new GenerationConfig(model.defaultPlan(), Sampling.GREEDY, new Limits(60, 60)), Voicing.SILENT);
    }

    private Heard ask(ReplyLoop loop, ReplySlot slot, Dialogue dialogue) {
        Heard heard = new Heard();
        loop.submit(loop.task(slot, dialogue, silent(), heard));
        return heard;
    }

    /** A question of so many codes, unlike another one from its first on. */
    private static Dialogue dialogue(int first, int codes) {
        int[] question = new int[codes];
        Arrays.fill(question, 7);
        question[0] = first;
        return Dialogue.of(new Question.Codes(question));
    }

    private static void turns(ReplyLoop loop, int count) {
        for (int i = 0; i < count; i++) loop.turn();
    }

    private static Heard end(ReplyLoop loop, Heard heard) {
        while (heard.ends == 0) loop.turn();
        return heard;
    }

    @Test
    void whoAskedJustBeforeTheLoopBrokeDownHearsOfIt() {
        ReplyLoop loop = loop(1, 512);
        Heard heard = ask(loop, null, dialogue(1, 20));

        loop.breakDown(new AssertionError("a defect"));

        assertThat(heard.ends).isEqualTo(1);
        assertThat(heard.failure).hasMessageContaining("broke down").hasMessageContaining("a defect");
        assertThatThrownBy(() -> ask(loop, null, dialogue(1, 20))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aPassThatFailsEndsItsRepliesAndLeavesTheLoopWhole() {
        ReplyLoop loop = loop(1, 512);
        Heard first = ask(loop, null, dialogue(1, 20));
        Heard second = ask(loop, null, dialogue(2, 20));
        turns(loop, 5);
        assertThat(first.steps).isNotEmpty();

        model.close();

        assertThat(end(loop, first).failure).isInstanceOf(IllegalStateException.class);
        assertThat(end(loop, second).failure).isInstanceOf(IllegalStateException.class);
        loop.turn();
        assertThat(loop.status().active()).isZero();
        assertThat(loop.status().kvReserved()).isZero();
        assertThat(loop.status().kvIdle()).isZero();
    }

    @Test
    void aQuestionThatIsStillBeingSaidBreaksNothingWhereItCannotBePrefilled() {
        ReplyLoop loop = loop(1, 512);
        ReplySlot slot = loop.open();
        loop.expect(slot, dialogue(1, 40));

        model.close();

        assertThat(loop.turn()).isEqualTo(ReplyLoop.Outcome.IDLE);
        assertThat(slot.sequence()).isNull();
    }

    @Test
    void aPassThatFailsIsNotTrustedWithWhatWasExpectedEither() {
        ReplyLoop loop = loop(1, 512);
        ReplySlot slot = loop.open();
        end(loop, ask(loop, slot, dialogue(1, 40)));
        loop.expect(slot, dialogue(1, 80));

        model.close();
        loop.turn();

        assertThat(slot.sequence()).isNull();
    }

    @Test
    void aSlotThatIsClosedWhileItsReplyIsDecodedKeepsNothing() {
        ReplyLoop loop = loop(1, 512);
        ReplySlot slot = loop.open();
        Heard heard = new Heard();
        slot.ask(dialogue(1, 40), silent(), heard);
        turns(loop, 5);

        slot.close();
        turns(loop, 2);

        assertThat(heard.ends).isEqualTo(1);
        assertThat(loop.status()).isEqualTo(new PoolStatus(0, 0, 0, 0, 0, bytes(512), 0));
    }

    @Test
    void whatASlotHoldsOfALongerListIsReservedWithItsNextReply() {
        ReplyLoop loop = loop(2, 768);
        ReplySlot slot = loop.open();
        end(loop, ask(loop, slot, dialogue(1, 300)));
        long held = slot.bytes();
        assertThat(held).isGreaterThan(bytes(256));

        Heard shorter = ask(loop, slot, dialogue(1, 20));
        loop.turn();

        assertThat(shorter.ends).isZero();
        assertThat(loop.status().kvReserved()).isGreaterThanOrEqualTo(slot.bytes());
        Heard other = ask(loop, null, dialogue(2, 300));
        while (other.ends == 0) {
            loop.turn();
            assertThat(loop.status().kvReserved() + loop.status().kvIdle()).isLessThanOrEqualTo(bytes(768));
        }
        assertThat(shorter.ends).isEqualTo(1);
    }

    @Test
    void whatManyExpectAtOnceStaysWithinTheMemory() {
        ReplyLoop loop = loop(1, 768);
        List<ReplySlot> slots = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            slots.add(loop.open());
            loop.expect(slots.get(i), dialogue(i, 300));
        }

        while (loop.turn() == ReplyLoop.Outcome.PASSED) {
            assertThat(slots.stream().mapToLong(ReplySlot::bytes).sum()).isLessThanOrEqualTo(bytes(768));
        }

        assertThat(loop.status().kvIdle()).isEqualTo(bytes(512));
    }

    @Test
    void whatIsExpectedIsGivenUpWhereAReplyNeedsItsMemory() {
        // Few positions go along in a pass, so that what is expected takes many.
        ReplyLoop loop = loop(2, 768, Duration.ofNanos(1));
        Heard speaking = ask(loop, null, dialogue(1, 20));
        while (speaking.steps.isEmpty()) loop.turn();
        ReplySlot slot = loop.open();
        loop.expect(slot, dialogue(2, 200));
        turns(loop, 3);
        assertThat(slot.sequence()).isNotNull();
        assertThat(speaking.ends).isZero();
        passes.clear();

        Heard needing = end(loop, ask(loop, null, dialogue(3, 300)));

        assertThat(slot.sequence()).isNull();
        assertThat(passes.stream().mapToInt(PoolPass::prefilled).sum())
                .isEqualTo(
                        needing.reply.prompt().tokens() - needing.reply.prompt().cached());
    }

    @Test
    void aReplyThatEndedLastIsUsedLast() {
        ReplyLoop loop = loop(2, 768);
        ReplySlot one = loop.open();
        ReplySlot other = loop.open();
        Heard lasting = ask(loop, one, dialogue(1, 150));
        loop.turn();
        Heard cut = new Heard();
        ReplyHandle handle = other.ask(dialogue(2, 150), silent(), cut);
        while (cut.steps.isEmpty()) loop.turn();
        handle.cancel();
        end(loop, cut);
        assertThat(lasting.ends).isZero();
        end(loop, lasting);

        end(loop, ask(loop, null, dialogue(3, 300)));

        assertThat(one.sequence()).isNotNull();
        assertThat(other.sequence()).isNull();
    }
}
