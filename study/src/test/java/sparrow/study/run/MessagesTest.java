package sparrow.study.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.speech.wave.Waveform;
import sparrow.study.run.GenerationJob.ReplyResult;

/** Records come back the same, and damaged messages are refused in one line. */
class MessagesTest {
    private static final List<PolicyCase> CASES = List.of(PolicyCase.NONE, PolicyCase.parse("triple:12"));

    /** A job that is not called one. */
    private record Unnamed() implements Job<Batch, ReplyResult<Said>> {
        @Override
        public Worker<Batch, ReplyResult<Said>> open(SpokenModel model) {
            throw new AssertionError("opened");
        }
    }

    private record Said(String text, double value, List<Float> numbers, byte[] bytes, Optional<String> more) {}

    private static final Messages<Batch, ReplyResult<Said>> MESSAGES = new Messages<>(new Unnamed());

    static LongStream seeds() {
        return new Random(14).longs(40);
    }

    private static Batch batch(Random random) {
        float[] samples = {0.1f, -1f, -0.0f, Float.MIN_VALUE, random.nextFloat()};
        return new Batch(
                7,
                List.of(
                        new Batch.Entry(0, new Question.Spoken(new Waveform(samples, 44_100)), null),
                        new Batch.Entry(1, new Question.Codes(new int[] {5, random.nextInt(16_384)}, 0.16), -3L),
                        new Batch.Entry(3, new Question.Typed(" wie geht's?"), Long.MAX_VALUE),
                        new Batch.Entry(4, new Question.Embeddings(List.of(samples), 1), 0L),
                        new Batch.Entry(
                                5,
                                Optional.of("Be brief.\n"),
                                List.of(new Question.Typed("Und heute?"), new Question.Codes(new int[] {7})),
                                null)),
                List.of(new Batch.Wanted(CASES.get(1), new TreeSet<>(List.of(0, 3)))));
    }

    private static List<ReplyResult<Said>> results(Random random) {
        byte[] bytes = new byte[random.nextInt(300)];
        random.nextBytes(bytes);
        List<Float> numbers = List.of(Float.NaN, Math.nextUp(1.1f), random.nextFloat());
        return List.of(
                new ReplyResult.Failed<>(1, "it is\nsilent"),
                new ReplyResult.Found<>(
                        2, CASES.get(1), new Said("größer", random.nextDouble(), numbers, bytes, Optional.empty())),
                new ReplyResult.Found<>(
                        3, CASES.get(0), new Said("", Double.NaN, List.of(), new byte[0], Optional.of("more"))));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void tasksAndResultsComeBackTheSame(long seed) {
        Batch task = batch(new Random(seed));
        List<ReplyResult<Said>> results = results(new Random(seed));

        assertTheSame(MESSAGES.task(MESSAGES.ofTask(task)), task);
        assertTheSame(MESSAGES.results(MESSAGES.ofResults(results)), results);
    }

    /** AssertJ's own comparison of numbers has a tolerance. */
    private static void assertTheSame(Object found, Object expected) {
        assertThat(found)
                .usingRecursiveComparison()
                .withEqualsForType(Double::equals, Double.class)
                .withEqualsForType(Float::equals, Float.class)
                .isEqualTo(expected);
    }

    /** A message that is cut or changed is refused in one line, or is another message. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aDamagedMessageIsRefusedInOneLine(long seed) {
        Random random = new Random(seed);
        byte[] task = MESSAGES.ofTask(batch(random));
        byte[] results = MESSAGES.ofResults(results(random));
        for (int i = 0; i < 200; i++) {
            byte[] damagedTask = damaged(task, random);
            byte[] damagedResults = damaged(results, random);
            refusedOrRead(() -> MESSAGES.task(damagedTask));
            refusedOrRead(() -> MESSAGES.results(damagedResults));
        }
    }

    private static byte[] damaged(byte[] message, Random random) {
        byte[] damaged = Arrays.copyOf(message, random.nextInt(message.length + 1));
        if (damaged.length > 0) damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        return damaged;
    }

    private static void refusedOrRead(Runnable reading) {
        try {
            reading.run();
        } catch (BadMessageException e) {
            assertThat(e.getMessage()).startsWith("message of ").doesNotContain("\n");
        }
    }

    @Test
    void aCutMessageIsAlwaysRefused() {
        byte[] whole = MESSAGES.ofTask(batch(new Random(1)));
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> MESSAGES.task(cut)).isInstanceOf(BadMessageException.class);
        }
        assertThatThrownBy(() -> MESSAGES.task(Arrays.copyOf(whole, whole.length + 1)))
                .isInstanceOf(BadMessageException.class);
    }

    /** Text, bytes, a list and a map that say they have two billion elements: no memory is taken for them. */
    @Test
    void aLengthIsNotBelieved() {
        for (int major : List.of(0x40, 0x60, 0x80, 0xa0)) {
            byte[] huge = {(byte) (major | 0x1a), 0x7f, -1, -1, -1, 'a'};

            assertThatThrownBy(() -> Messages.read(huge, Object.class)).isInstanceOf(BadMessageException.class);
            assertThatThrownBy(() -> Messages.read(huge, byte[].class)).isInstanceOf(BadMessageException.class);
        }
    }

    /** A thousand lists in each other end no process. */
    @Test
    void depthIsBounded() {
        byte[] deep = new byte[1 << 20];
        Arrays.fill(deep, (byte) 0x81);

        assertThatThrownBy(() -> Messages.read(deep, Object.class)).isInstanceOf(BadMessageException.class);
    }

    @Test
    void anotherRecordIsRefused() {
        byte[] text = Messages.of("a");

        assertThatThrownBy(() -> MESSAGES.task(text))
                .isInstanceOf(BadMessageException.class)
                .hasMessageStartingWith("message of Batch: ");
        for (byte[] wrong : List.of(
                Messages.of(Map.of("number", 1, "questions", List.of())),
                Messages.of(Map.of("number", 1, "questions", List.of(), "wanted", List.of(), "more", 1)),
                Messages.of(Map.of("number", "1", "questions", List.of(), "wanted", List.of())))) {
            assertThatThrownBy(() -> MESSAGES.task(wrong)).isInstanceOf(BadMessageException.class);
        }
        assertThatThrownBy(() -> Messages.read(new byte[] {(byte) 0xf6}, Batch.class))
                .hasMessage("message of Batch: null");
    }

    /** The name of a class in a message opens no class but a job's. */
    @Test
    void onlyJobsAreOpened() {
        for (String name : List.of(
                "dig",
                "sparrow.study.run.MessagesTest$Unnamed",
                "sparrow.study.run.Batch",
                "sparrow.study.run.NoSuchJob",
                "java.lang.Runtime")) {
            assertThatThrownBy(() -> Messages.read(Messages.of(Map.of("job", name)), Job.class))
                    .isInstanceOf(BadMessageException.class)
                    .hasMessageContaining("'" + name + "'");
        }
    }
}
