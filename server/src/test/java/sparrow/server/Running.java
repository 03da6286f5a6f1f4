package sparrow.server;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.device.Placement;
import sparrow.engine.head.Sampling;
import sparrow.formats.weights.Safetensors;
import sparrow.models.OpenOptions;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.chat.ChatHistory;
import sparrow.models.pool.ConversationPool;
import sparrow.models.pool.PoolObserver;
import sparrow.models.pool.PoolOptions;
import sparrow.models.pool.ReplyHandle;
import sparrow.models.pool.ReplyListener;
import sparrow.models.pool.ReplyOptions;
import sparrow.models.pool.SpeechMode;
import sparrow.server.metrics.ServerMetrics;
import sparrow.server.reply.ServedModel;
import sparrow.speech.vocode.FlowSettings;
import sparrow.speech.voice.Voice;
import sparrow.speech.voice.VoiceFile;
import sparrow.speech.wave.WavFile;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** A server of the bundled model on any port of this machine. */
public final class Running implements AutoCloseable {
    public static final String MODEL = "sparrow-tiny";
    public static final Path EXAMPLES =
            Path.of(System.getProperty("sparrow.testdata")).resolveSibling("examples");
    public static final Path LFM2 = Path.of(System.getProperty("sparrow.testdata"), "lfm2-audio");
    public static final Path LFM3 = Path.of(System.getProperty("sparrow.testdata"), "lfm3-audio");
    public static final Path STEP = Path.of(System.getProperty("sparrow.testdata"), "step-audio-2-mini");
    public static final Limits LIMITS = new Limits(400, 200);

    /** On any port. */
    public static final ServerOptions OPTIONS = ServerOptions.LOCAL.withAddress("127.0.0.1", 0);

    public final SpokenModel model;
    public final ConversationPool pool;
    public final SparrowServer server;
    private final ComputePool threads;
    private final Limits limits;
    private final List<OpenAIClient> clients = new ArrayList<>();
    private final AtomicInteger passes = new AtomicInteger(Integer.MAX_VALUE);

    public Running() throws IOException {
        this(OPTIONS, PoolOptions.DEFAULT);
    }

    public Running(ServerOptions options, PoolOptions bounds) throws IOException {
        this(options, bounds, SpokenModels.bundledFolder(), OpenOptions.NONE, LIMITS);
    }

    /** Of the tiny random checkpoint of LFM2.5-Audio, whose replies are noise and end by these bounds. */
    public static Running lfm2(ServerOptions options, Limits limits) throws IOException {
        return new Running(options, PoolOptions.DEFAULT, LFM2.resolve("a"), OpenOptions.NONE, limits);
    }

    /** Returns a server of the tiny random checkpoint of LFM3-Audio. */
    public static Running lfm3(ServerOptions options, Limits limits) throws IOException {
        return new Running(options, PoolOptions.DEFAULT, LFM3.resolve("a"), OpenOptions.NONE, limits);
    }

    /** Of the tiny random checkpoint of Step-Audio-2 with the voice of a golden recording, written into a folder. */
    public static Running step(ServerOptions options, Limits limits, Path folder) throws IOException {
        Path voice = folder.resolve("voice.safetensors");
        try (Safetensors golden = Safetensors.open(STEP.resolve("cases/prompt_dsp.safetensors"))) {
            VoiceFile.write(
                    voice,
                    new Voice(
                            golden.tensor("stereo24k.prompt_tokens").toInts(),
                            golden.tensor("stereo24k.spk_emb").toFloats(),
                            golden.tensor("stereo24k.prompt_mels_padded").toFloats()));
        }
        OpenOptions opening =
                new OpenOptions(Optional.empty(), Optional.of(voice), FlowSettings.PUBLISHED, Optional.empty());
        return new Running(options, PoolOptions.DEFAULT, STEP.resolve("ckpt"), opening, limits);
    }

    /** Of a checkpoint folder. */
    public static Running of(Path folder, ServerOptions options) throws IOException {
        return new Running(options, PoolOptions.DEFAULT, folder, OpenOptions.NONE, LIMITS);
    }

    /** With its layers on a device. */
    Running(Placement device) throws IOException {
        this(
                OPTIONS,
                PoolOptions.DEFAULT,
                SpokenModels.bundledFolder(),
                new OpenOptions(Optional.empty(), Optional.empty(), FlowSettings.PUBLISHED, Optional.of(device)),
                LIMITS);
    }

    private Running(ServerOptions options, PoolOptions bounds, Path folder, OpenOptions opening, Limits limits)
            throws IOException {
        this.limits = limits;
        threads = ComputePool.ofMachine();
        model = SpokenModels.open(folder, opening, Kernels.create(threads));
        ServerMetrics metrics = new ServerMetrics(MODEL, model.languageModel().layers());
        pool = new ConversationPool(model, bounds, pausing(metrics));
        server = SparrowServer.start(new ServedModel(MODEL, pool, config(), Instant.EPOCH), metrics, options);
        server.ready();
    }

    private PoolObserver pausing(PoolObserver observer) {
        return new PoolObserver() {
            @Override
            public void pass(Pass made) {
                observer.pass(made);
                if (passes.decrementAndGet() < 0) LockSupport.park(this);
            }

            @Override
            public void vocoded(long nanos, int samples) {
                observer.vocoded(nanos, samples);
            }

            @Override
            public void evicted(long bytes) {
                observer.evicted(bytes);
            }
        };
    }

    /** Lets the model pause after so many passes until a reply is asked for or cancelled, and then again after each pass. */
    public void pauseAfter(int count) {
        passes.set(count);
    }

    /** A reply that never goes on, since its listener is never ready. */
    public ReplyHandle hold() {
        return pool.ask(
                ChatHistory.of(new Question.Typed("hello")),
                new ReplyOptions(config(), SpeechMode.SILENT),
                new ReplyListener() {
                    @Override
                    public boolean isReady() {
                        return false;
                    }
                });
    }

    public GenerationConfig config() {
        return new GenerationConfig(model.defaultPlan(), Sampling.GREEDY, limits);
    }

    public static GenerationConfig config(SpokenModel model) {
        return new GenerationConfig(model.defaultPlan(), Sampling.GREEDY, LIMITS);
    }

    /** The official client, which does not try again. */
    public OpenAIClient client() {
        return client("none", 0);
    }

    public OpenAIClient client(String key, int retries) {
        OpenAIClient client = OpenAIOkHttpClient.builder()
                .baseUrl(server.address() + "/v1")
                .apiKey(key)
                .maxRetries(retries)
                .responseValidation(true)
                .build();
        clients.add(client);
        return client;
    }

    public static Path example(int number) {
        return EXAMPLES.resolve(String.format("q%02d.wav", number));
    }

    public static Question question(int number) throws IOException {
        return new Question.Spoken(WavFile.read(example(number)));
    }

    @Override
    public void close() {
        clients.forEach(OpenAIClient::close);
        server.close();
        pool.close();
        model.close();
        threads.close();
    }
}
