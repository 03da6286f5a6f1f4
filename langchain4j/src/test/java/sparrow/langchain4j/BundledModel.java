package sparrow.langchain4j;

import dev.langchain4j.data.message.AudioContent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import sparrow.engine.decode.Limits;
import sparrow.models.OpenOptions;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.pool.Conversation;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** The bundled model and the recorded examples, on two threads. */
final class BundledModel implements AutoCloseable {
    private static final Path EXAMPLES =
            Path.of(System.getProperty("sparrow.testdata")).resolveSibling("examples");

    private final ComputePool threads = new ComputePool(2);
    private final SpokenModel model;

    BundledModel() throws IOException {
        model = SpokenModels.bundled(OpenOptions.NONE, Kernels.create(threads));
    }

    SpokenModel model() {
        return model;
    }

    /** A conversation as the command line holds it. */
    Conversation conversation() {
        int tail = (int) Math.round(30 * model.codesPerSecond());
        return new Conversation(model, model.defaultPlan(), model.defaultSampling(), new Limits(2000, tail));
    }

    static Question question(int number) throws IOException {
        return new Question.Spoken(WavFile.read(example(number)));
    }

    static AudioContent recording(int number) {
        return AudioContent.from(example(number), "audio/wav");
    }

    /** A second of it, as base64. */
    static String silence() {
        return Base64.getEncoder()
                .encodeToString(WavFile.bytes(new Waveform(new float[16_000], 16_000), SampleFormat.PCM16));
    }

    private static Path example(int number) {
        return EXAMPLES.resolve(String.format("q%02d.wav", number));
    }

    @Override
    public void close() {
        model.close();
        threads.close();
    }
}
