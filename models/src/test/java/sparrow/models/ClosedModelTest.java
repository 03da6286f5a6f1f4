package sparrow.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.decode.Limits;
import sparrow.engine.reply.Step;
import sparrow.formats.BadFileException;
import sparrow.models.pool.Answer;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.ReplyListener;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** A closed model says that it is closed, and closing it again is fine; what nobody said is not heard. */
@Tag("stack")
class ClosedModelTest {
    private static final Path TESTDATA = Path.of(System.getProperty("sparrow.testdata"));

    @TempDir
    private Path folder;

    private static SpokenModel open(String model, ComputePool pool) throws IOException {
        Kernels kernels = Kernels.create(pool);
        return model.isEmpty()
                ? SpokenModels.bundled(TestedDevice.OPTIONS, kernels)
                : SpokenModels.open(TESTDATA.resolve(model), TestedDevice.OPTIONS, kernels);
    }

    private static Conversation conversation(SpokenModel model) {
        return new Conversation(model, model.defaultPlan(), model.defaultSampling(), Limits.newTokens(4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "step-audio-2-mini/ckpt"})
    void isCalledClosed(String folder) throws IOException {
        try (ComputePool pool = new ComputePool(1)) {
            SpokenModel model = open(folder, pool);
            Conversation conversation = conversation(model);
            model.close();

            assertThatNoException().isThrownBy(model::close);
            assertThatThrownBy(() -> conversation.ask(new Question.Typed("hello"), ReplyListener.NONE))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(model.name() + ": the model is closed");
            assertThatThrownBy(model::synthesizer).hasMessage(model.name() + ": the model is closed");
        }
    }

    @Test
    void endsTheThreadsThatItWasOpenedWith() throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        Set<Thread> own;
        try (SpokenModel model = SpokenModels.bundled();
                Conversation conversation = new Conversation(model)) {
            own = new HashSet<>(Thread.getAllStackTraces().keySet());
            own.removeAll(before);
            own.removeIf(thread -> !thread.getName().startsWith("sparrow-compute-"));

            Answer answer = conversation.ask(new Question.Typed("What is the capital of Kenya?"));

            assertThat(answer.text()).isEqualTo("the capital of kenya is nairobi. kenya is in africa.");
            assertThat(own)
                    .hasSize(Runtime.getRuntime().availableProcessors() - 1)
                    .allMatch(Thread::isAlive);
        }

        for (Thread thread : own) thread.join();
    }

    @Test
    void isCalledClosedByAQuestionThatIsBeingAnswered() throws IOException {
        try (ComputePool pool = new ComputePool(1)) {
            SpokenModel model = open("", pool);
            Conversation conversation = conversation(model);
            ReplyListener closing = new ReplyListener() {
                @Override
                public void step(Step step) {
                    model.close();
                }
            };

            assertThatThrownBy(() -> conversation.ask(new Question.Typed("hello"), closing))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(model.name() + ": the model is closed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "step-audio-2-mini/ckpt"})
    void soundThatIsNoneOrTooLongIsRefusedBeforeItIsHeard(String folder) throws IOException {
        try (ComputePool pool = new ComputePool(1);
                SpokenModel model = open(folder, pool)) {
            Conversation conversation = conversation(model);
            for (float sample : new float[] {Float.NaN, Float.NEGATIVE_INFINITY, 1e30f}) {
                float[] samples = new float[16_000];
                samples[100] = 0.5f;
                samples[200] = sample;
                assertThatThrownBy(() -> conversation.ask(spoken(samples, 16_000), ReplyListener.NONE))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("question: expected samples whose full scale is -1 to 1, found a peak of "
                                + Math.abs(sample));
            }
            float[] hours = new float[12_000_000];
            hours[0] = 0.5f;
            assertThatThrownBy(() -> conversation.ask(spoken(hours, 1000), ReplyListener.NONE))
                    .hasMessageContaining("question: 12000 s of audio do not fit into the context, expected at most ");
        }
    }

    /** What reads such a file on would be killed by the operating system. */
    @Test
    void weightsThatWereCutWhileTheyAreInUseAreNotReadOn() throws IOException {
        Path from = SpokenModels.bundledFolder();
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = folder.resolve(from.relativize(file).toString());
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
        }
        Path weights = folder.resolve("lm/model.safetensors");
        try (ComputePool pool = new ComputePool(1);
                SpokenModel model = SpokenModels.open(folder, TestedDevice.OPTIONS, Kernels.create(pool))) {
            Conversation conversation = conversation(model);
            conversation.ask(new Question.Typed("hello"), ReplyListener.NONE);
            try (FileChannel channel = FileChannel.open(weights, StandardOpenOption.WRITE)) {
                channel.truncate(0);
            }

            assertThatThrownBy(() -> conversation.ask(new Question.Typed("hello"), ReplyListener.NONE))
                    .isInstanceOf(BadFileException.class)
                    .hasMessageStartingWith(weights + ": was changed while it was in use");
        }
    }

    private static Question spoken(float[] samples, int rateHz) {
        return new Question.Spoken(new Waveform(samples, rateHz));
    }
}
