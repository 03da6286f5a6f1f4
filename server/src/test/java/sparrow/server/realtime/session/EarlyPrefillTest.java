package sparrow.server.realtime.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sparrow.models.Question;
import sparrow.models.chat.ChatHistory;
import sparrow.models.pool.ConversationPool;
import sparrow.models.pool.KvSlot;
import sparrow.models.pool.PoolObserver;
import sparrow.models.pool.PoolOptions;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.ReplyListener;
import sparrow.models.pool.ReplyOptions;
import sparrow.models.pool.SpeechMode;
import sparrow.server.audio.Sound;
import sparrow.speech.wave.Waveform;

/** The bundled model listens while somebody speaks. */
class EarlyPrefillTest {
    private static TalkingModel model;

    @BeforeAll
    static void open() {
        model = new TalkingModel();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static Sound begin(Waveform question) {
        float[] samples = question.at(16_000).samples();
        return Sound.of(Arrays.copyOf(samples, 14_000), 16_000);
    }

    private static PooledReply ask(KvSlot slot, Waveform question) {
        CompletableFuture<PooledReply> done = new CompletableFuture<>();
        slot.ask(
                ChatHistory.of(new Question.Spoken(question)),
                new ReplyOptions(model.served().defaults(), SpeechMode.SILENT),
                new ReplyListener() {
                    @Override
                    public void ended(PooledReply reply) {
                        done.complete(reply);
                    }
                });
        return done.orTimeout(5, TimeUnit.MINUTES).join();
    }

    /** What a slot replies after it was prepared for the beginning of a question. */
    private static PooledReply replyAfterExpecting(Waveform expected, Waveform question) throws InterruptedException {
        CountDownLatch prefilled = new CountDownLatch(1);
        PoolObserver observer = new PoolObserver() {
            @Override
            public void pass(PoolObserver.Pass pass) {
                prefilled.countDown();
            }
        };
        try (ConversationPool pool = new ConversationPool(model.pool().model(), PoolOptions.DEFAULT, observer);
                KvSlot slot = pool.slot()) {
            EarlyPrefill earlyPrefill = new EarlyPrefill(pool.model(), slot, Runnable::run);
            earlyPrefill.prefillEarly(begin(expected), Optional.empty(), List.of(), List.of());
            assertThat(prefilled.await(5, TimeUnit.MINUTES)).isTrue();
            earlyPrefill.stop();
            return ask(slot, question);
        }
    }

    private static PooledReply alone(Waveform question) {
        try (KvSlot slot = model.pool().slot()) {
            return ask(slot, question);
        }
    }

    @Test
    void whatIsSettledIsPrefilledBeforeTheTurnEnds() throws InterruptedException {
        Waveform question = TalkingModel.question(4);
        PooledReply expected = alone(question);

        PooledReply reply = replyAfterExpecting(question, question);

        assertThat(reply.units()).isEqualTo(expected.units());
        // Ten codes, and what stands in front of them in the user's turn.
        assertThat(reply.prompt().cached())
                .isGreaterThanOrEqualTo(expected.prompt().cached() + 10);
    }

    @Test
    void aQuestionThatTurnsOutToBeAnotherOneLosesNothingButThatWork() throws InterruptedException {
        PooledReply expected = alone(TalkingModel.question(5));

        PooledReply reply = replyAfterExpecting(TalkingModel.question(4), TalkingModel.question(5));

        assertThat(reply.units()).isEqualTo(expected.units());
    }

    @Test
    void afterTheTurnNothingIsExpectedAnyMore() {
        try (KvSlot slot = model.pool().slot()) {
            Runnable[] later = new Runnable[1];
            EarlyPrefill earlyPrefill = new EarlyPrefill(model.pool().model(), slot, task -> later[0] = task);
            earlyPrefill.prefillEarly(begin(TalkingModel.question(4)), Optional.empty(), List.of(), List.of());
            earlyPrefill.stop();
            later[0].run();

            PooledReply reply = ask(slot, TalkingModel.question(5));

            assertThat(reply.prompt().cached())
                    .isEqualTo(alone(TalkingModel.question(5)).prompt().cached());
        }
    }
}
