package sparrow.models.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.device.LostDeviceException;
import sparrow.engine.head.Sampling;
import sparrow.models.FakeDevice;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.chat.ChatHistory;
import sparrow.speech.wave.WavFile;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** A pool whose model's device is lost. */
@Tag("full")
class LostDeviceTest {
    private static final Path QUESTION = Path.of(System.getProperty("sparrow.testdata"))
            .resolveSibling("examples")
            .resolve("q01.wav");
    private static final String LINE = "gpu: Card 9 was lost: unplugged";

    /** In the prompt that conversations share, in that of the question, or in the middle of the reply. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 10})
    void repliesFailAndNothingMoreIsTaken(int passes) throws Exception {
        try (ComputePool threads = new ComputePool(1);
                SpokenModel model = FakeDevice.holding(Kernels.create(threads), passes);
                ConversationPool pool = new ConversationPool(model, PoolOptions.DEFAULT)) {
            ReplyOptions options = new ReplyOptions(
                    new GenerationConfig(model.defaultPlan(), Sampling.GREEDY, new Limits(60, 60)), SpeechMode.SILENT);
            ChatHistory chat = ChatHistory.of(model.encode(new Question.Spoken(WavFile.read(QUESTION))));
            assertThat(pool.failure()).isEmpty();

            Heard first = new Heard();
            pool.ask(chat, options, first);

            assertThatThrownBy(first::await)
                    .isInstanceOf(LostDeviceException.class)
                    .hasMessage(LINE);
            assertThatThrownBy(() -> pool.ask(chat, options, ReplyListener.NONE))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(LINE);
            assertThat(pool.failure()).contains(LINE);
        }
    }
}
