package sparrow.models.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Step;
import sparrow.engine.reply.StopReason;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.TestedDevice;
import sparrow.models.chat.ChatHistory;
import sparrow.models.chat.ChatMeasure;
import sparrow.models.chat.ChatTurn;
import sparrow.speech.wave.WavFile;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** Conversations that share memory and passes, edited at will. */
@Tag("stack")
@Tag("long")
class SharedMemoryTest {
    private static final Path EXAMPLES =
            Path.of(System.getProperty("sparrow.testdata")).resolveSibling("examples");
    private static final Limits LIMITS = new Limits(60, 60);

    private static ComputePool threads;
    private static SpokenModel model;
    private static List<Question> questions;

    @BeforeAll
    static void open() throws IOException {
        threads = ComputePool.ofMachine();
        model = SpokenModels.bundled(TestedDevice.OPTIONS, Kernels.create(threads));
        questions = new ArrayList<>();
        for (int i = 1; i <= 6; i++) {
            questions.add(
                    model.encode(new Question.Spoken(WavFile.read(EXAMPLES.resolve(String.format("q%02d.wav", i))))));
        }
    }

    @AfterAll
    static void close() {
        model.close();
        threads.close();
    }

    private static ReplyOptions silent(ExitPlan plan) {
        return new ReplyOptions(new GenerationConfig(plan, Sampling.GREEDY, LIMITS), SpeechMode.SILENT);
    }

    private static ReplyOptions silent() {
        return silent(model.defaultPlan());
    }

    private static PoolOptions options(long kvBytes) {
        return new PoolOptions(0, 32, kvBytes, Duration.ofMillis(250), 1);
    }

    /** Bytes of keys and values of so many positions, in the steps in which caches grow. */
    private static long bytes(int positions) {
        var config = model.languageModel().transformer().config();
        return 2L * config.layers() * config.kvHeads() * config.headWidth() * 4 * Math.ceilDiv(positions, 256) * 256;
    }

    private static Heard ask(KvSlot slot, ChatHistory chat) {
        Heard heard = new Heard();
        slot.ask(chat, silent(), heard);
        return heard.await();
    }

    private static ChatTurn turn(Question question, Heard heard) {
        return new ChatTurn(question, heard.reply.units());
    }

    @Test
    void aConversationThatWasEvictedGoesOnAsIfItHadNotBeen() {
        AtomicLong evicted = new AtomicLong();
        PoolObserver observer = new PoolObserver() {
            @Override
            public void evicted(long bytes) {
                evicted.addAndGet(bytes);
            }
        };
        int[] expected;
        try (ConversationPool roomy = new ConversationPool(model, PoolOptions.DEFAULT);
                KvSlot slot = roomy.slot()) {
            Heard first = ask(slot, ChatHistory.of(questions.get(0)));
            expected = ask(
                            slot,
                            new ChatHistory(Optional.empty(), List.of(turn(questions.get(0), first)), questions.get(1)))
                    .tokens();
        }

        // One running reply and nothing beside it.
        try (ConversationPool tight = new ConversationPool(model, options(bytes(256)), observer);
                KvSlot one = tight.slot();
                KvSlot other = tight.slot()) {
            Heard first = ask(one, ChatHistory.of(questions.get(0)));
            ask(other, ChatHistory.of(questions.get(2)));
            assertThat(evicted.get()).isPositive();

            Heard second = ask(
                    one, new ChatHistory(Optional.empty(), List.of(turn(questions.get(0), first)), questions.get(1)));

            assertThat(second.tokens()).isEqualTo(expected);
            assertThat(second.reply.prompt().cached())
                    .isLessThan(first.reply.prompt().tokens());
        }
    }

    @Test
    void whatNeverFitsIsRefusedAtOnce() {
        try (ConversationPool pool = new ConversationPool(model, options(bytes(256) - 1))) {
            assertThatThrownBy(() -> pool.ask(ChatHistory.of(questions.get(0)), silent(), ReplyListener.NONE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("memory: ")
                    .hasMessageContaining("expected at most " + (bytes(256) - 1));
        }
    }

    @Test
    void repliesThatDoNotFitTogetherWaitForOneAnother() {
        try (ConversationPool pool = new ConversationPool(model, options(bytes(256)))) {
            List<Heard> all = new ArrayList<>();
            for (Question question : questions) {
                Heard heard = new Heard();
                pool.ask(ChatHistory.of(question), silent(), heard);
                all.add(heard);
            }

            for (Heard heard : all) assertThat(heard.await().tokens()).isNotEmpty();
            assertThat(pool.status().kvReserved()).isZero();
            assertThat(pool.status().kvIdle()).isLessThanOrEqualTo(bytes(256));
        }
    }

    /** Each seed takes a second: one of them, and 25 where a property of the engine is tried with 200 ({@code -Pseeds}). */
    static LongStream seeds() {
        return new SplittableRandom(20266).longs(Integer.getInteger("sparrow.seeds", 10) / 8);
    }

    /** A history that was edited, cut or evicted, then a turn: what a fresh conversation with that history says. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void anEditedHistoryIsAnsweredLikeAFreshOne(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (ConversationPool pool = new ConversationPool(model, options(bytes(1024)));
                KvSlot slot = pool.slot()) {
            List<ChatTurn> history = new ArrayList<>();
            for (int turn = 0; turn < 5; turn++) {
                Question question = questions.get(random.nextInt(questions.size()));
                ChatHistory chat = new ChatHistory(Optional.empty(), history, question);
                Heard heard = ask(slot, chat);
                try (KvSlot fresh = pool.slot()) {
                    assertThat(heard.tokens())
                            .as("turn %d", turn)
                            .isEqualTo(ask(fresh, chat).tokens());
                }
                history.add(turn(question, heard));
                edit(random, history);
            }
        }
    }

    private static void edit(SplittableRandom random, List<ChatTurn> history) {
        switch (random.nextInt(4)) {
            case 0 -> history.remove(random.nextInt(history.size()));
            case 1 -> {
                ChatTurn last = history.removeLast();
                history.add(new ChatTurn(
                        last.question(), ChatMeasure.of(model).heardPart(last.reply(), random.nextInt(20) / 10.0)));
            }
            case 2 -> history.addFirst(new ChatTurn(questions.get(0), model.replyUnits("it is so.")));
            default -> {}
        }
    }

    @Test
    void aReplyIsCutBehindTheLastCodeThatWasHeardAndNeverTwice() {
        Heard heard;
        try (ConversationPool pool = new ConversationPool(model, PoolOptions.DEFAULT);
                KvSlot slot = pool.slot()) {
            heard = ask(slot, ChatHistory.of(questions.get(0)));
        }
        List<Unit> units = heard.reply.units();
        int codes = codes(units);

        for (int played = 0; played <= codes; played++) {
            List<Unit> cut = ChatMeasure.of(model).heardPart(units, played / model.codesPerSecond());
            assertThat(codes(cut)).isEqualTo(played);
            assertThat(cut).isEqualTo(units.subList(0, cut.size()));
            assertThat(ChatMeasure.of(model).heardPart(cut, played / model.codesPerSecond()))
                    .isEqualTo(cut);
        }
        assertThat(ChatMeasure.of(model).heardPart(units, 1000)).isEqualTo(units);
        assertThat(ChatMeasure.of(model).heardPart(units, 0.079)).isEmpty();
    }

    private static int codes(List<Unit> units) {
        return units.stream()
                .mapToInt(unit -> model.languageModel().units().codes(unit).length)
                .sum();
    }

    @Test
    void aListenerThatThrowsLosesItsReplyAndNobodyElses() {
        try (ConversationPool pool = new ConversationPool(model, PoolOptions.DEFAULT)) {
            Heard broken = new Heard() {
                @Override
                public void step(Step step) {
                    throw new IllegalStateException("cannot listen");
                }
            };
            Heard sound = new Heard();
            pool.ask(ChatHistory.of(questions.get(0)), silent(), broken);
            pool.ask(ChatHistory.of(questions.get(1)), silent(), sound);

            assertThat(sound.await().tokens()).isNotEmpty();
            assertThatThrownBy(broken::await).hasMessage("cannot listen");
            assertThat(broken.ends).isEqualTo(1);
        }
    }

    @Test
    void listenersThatThrowAtTheEndOrWhenAskedHarmNobody() {
        try (ConversationPool pool = new ConversationPool(model, PoolOptions.DEFAULT)) {
            Heard broken = new Heard() {
                @Override
                public boolean isReady() {
                    throw new IllegalStateException("cannot say");
                }

                @Override
                public void failed(RuntimeException why) {
                    super.failed(why);
                    throw new IllegalStateException("nor hear");
                }
            };
            pool.ask(ChatHistory.of(questions.get(0)), silent(), broken);
            assertThatThrownBy(broken::await).hasMessage("cannot say");
            Heard sound = new Heard();
            pool.ask(ChatHistory.of(questions.get(1)), silent(), sound);

            assertThat(sound.await().tokens()).isNotEmpty();
        }
    }

    @Tag("full")
    @Test
    void errorsOfListenersHarmNobodyElseNorTheThreadsThatCallThem() {
        try (ConversationPool pool = new ConversationPool(model, options(1L << 30))) {
            class Broken extends Heard {
                @Override
                public void failed(RuntimeException why) {
                    super.failed(why);
                    throw new AssertionError("nor hear");
                }
            }
            Heard ofSteps = new Broken() {
                @Override
                public void step(Step step) {
                    throw new AssertionError("cannot listen");
                }
            };
            Heard ofSpeech = new Broken() {
                @Override
                public void speech(float[] samples) {
                    throw new AssertionError("cannot play");
                }
            };
            ReplyOptions spoken = new ReplyOptions(silent().config(), SpeechMode.PUBLISHED);
            pool.ask(ChatHistory.of(questions.get(0)), silent(), ofSteps);
            pool.ask(ChatHistory.of(questions.get(0)), spoken, ofSpeech);
            assertThatThrownBy(ofSteps::await).hasMessageContaining("cannot listen");
            assertThatThrownBy(ofSpeech::await).hasMessageContaining("cannot play");
            Heard sound = new Heard();
            pool.ask(ChatHistory.of(questions.get(1)), spoken, sound);

            assertThat(sound.await().speech).isNotEmpty();
        }
    }

    @Test
    void whatNobodyWantsAtTheMomentIsNotDecoded() {
        try (ConversationPool pool = new ConversationPool(model, PoolOptions.DEFAULT)) {
            boolean[] ready = {false};
            Heard held = new Heard() {
                @Override
                public synchronized boolean isReady() {
                    return ready[0];
                }
            };
            Heard other = new Heard();
            pool.ask(ChatHistory.of(questions.get(0)), silent(), held);
            pool.ask(ChatHistory.of(questions.get(1)), silent(), other);
            other.await();

            assertThat(held.steps).isEmpty();
            synchronized (held) {
                ready[0] = true;
            }
            assertThat(held.await().tokens()).isNotEmpty();
        }
    }

    @Tag("full")
    @Test
    void soundThatIsMadeWhilePlaybackWaitsHasNoOtherLengthThanAlone() {
        GenerationConfig config = new GenerationConfig(model.defaultPlan(), Sampling.GREEDY, new Limits(300, 200));
        try (ConversationPool pool = new ConversationPool(model, PoolOptions.DEFAULT)) {
            Heard lowLatency = new Heard();
            Heard published = new Heard();
            pool.ask(ChatHistory.of(questions.get(0)), new ReplyOptions(config, SpeechMode.LOW_LATENCY), lowLatency);
            pool.ask(ChatHistory.of(questions.get(0)), new ReplyOptions(config, SpeechMode.PUBLISHED), published);

            assertThat(lowLatency.await().speech).hasSameSizeAs(published.await().speech);
            assertThat(lowLatency.tokens()).isEqualTo(published.tokens());
            assertThat(lowLatency.reply.reply().stop()).isEqualTo(StopReason.END_TOKEN);
        }
    }
}
