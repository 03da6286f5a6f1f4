package sparrow.server.realtime.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.head.Sampling;
import sparrow.models.OpenOptions;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.pool.ConversationPool;
import sparrow.models.pool.PoolOptions;
import sparrow.server.reply.ServedModel;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** The bundled model with a pool, for tests that want real answers. */
public final class TalkingModel implements AutoCloseable {
    private static final Path EXAMPLES =
            Path.of(System.getProperty("sparrow.testdata")).resolveSibling("examples");

    private final ComputePool threads = ComputePool.ofMachine();
    private final SpokenModel model;
    private final ConversationPool pool;

    public TalkingModel() {
        try {
            model = SpokenModels.bundled(OpenOptions.NONE, Kernels.create(threads));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        pool = new ConversationPool(model, PoolOptions.DEFAULT);
    }

    public ConversationPool pool() {
        return pool;
    }

    public ServedModel served() {
        return new ServedModel(
                "sparrow",
                pool,
                new GenerationConfig(model.defaultPlan(), Sampling.GREEDY, new Limits(400, 200)),
                Instant.EPOCH);
    }

    /** One of the questions that come with the model. */
    public static Waveform question(int number) {
        try {
            return WavFile.read(EXAMPLES.resolve("q%02d.wav".formatted(number)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        pool.close();
        model.close();
        threads.close();
    }
}
