package sparrow.app.serve;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sparrow.app.console.Interruption;
import sparrow.app.options.DecodeOptions;
import sparrow.app.options.MatrixChoice;
import sparrow.app.options.ModelOptions;
import sparrow.app.options.WarmUp;
import sparrow.app.options.WindowOptions;
import sparrow.engine.decode.GenerationConfig;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.chat.Window;
import sparrow.models.pool.ConversationPool;
import sparrow.server.ServerOptions;
import sparrow.server.SparrowServer;
import sparrow.server.message.HeapShare;
import sparrow.server.message.RefusalLog;
import sparrow.server.metrics.ServerMetrics;
import sparrow.server.reply.RecognizerQueue;
import sparrow.server.reply.ServedModel;
import sparrow.server.vad.SileroNetwork;
import sparrow.speech.asr.SpeechRecognizer;

/** The command {@code sparrow serve}, which runs a server until it is stopped. */
@Command(
        name = "serve",
        description = "Serve a web page and OpenAI's Chat Completions, Realtime and GPT-Live.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow serve                         # then open http://127.0.0.1:8080",
            "  sparrow serve --model glm-4-voice/ --heads heads/ --exit even:36 --port 0",
            "  sparrow serve --host 0.0.0.0 --key key --tls server.p12",
            "  sparrow serve --tls self-signed --host 0.0.0.0 --key none  # for microphones",
            "",
            "Ctrl-C or SIGTERM stops the server after the current replies, with exit code 0."
        })
public final class ServeCommand implements Callable<Integer> {
    private static final Duration FAILURE_CHECKS = Duration.ofMillis(500);

    /** Exit code after a failure, so that the process is started again. */
    private static final int FAILED = 1;

    private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";

    /**
     * Loggers whose level is set. The references prevent garbage collection of the loggers, because it would reset
     * their levels.
     */
    private static final List<Logger> QUIET =
            List.of(Logger.getLogger("org.eclipse.jetty"), Logger.getLogger("io.prometheus"));

    @Mixin
    private ListenOptions listenOptions;

    @Option(names = "--system", paramLabel = "TEXT", description = "System text for conversations that have none.")
    private String system;

    @Option(
            names = "--transcribe",
            paramLabel = "RECOGNISER",
            description = "Transcribe the user's speech with whisper:FILE, sphinx[:FILE] or openai:MODEL[@URL] "
                    + "instead of the model.")
    private String recognizer;

    @Mixin
    private PoolLimitOptions limitOptions;

    @Mixin
    private ReplyLogOptions logOptions;

    @Mixin
    private ModelOptions modelOptions = new ModelOptions(MatrixChoice.AUTO);

    @Mixin
    private DecodeOptions decodeOptions;

    @Mixin
    private WindowOptions windowOptions;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        try {
            serve(listenOptions.options(logOptions.log(out)), windowOptions.window(), out);
        } catch (BindException e) {
            throw listenOptions.taken(e);
        } finally {
            listenOptions.tidyUp();
        }
        return 0;
    }

    private void serve(ServerOptions options, Window window, PrintWriter out) throws IOException {
        Interruption.runsUntilStopped(options.longestClose().plus(Duration.ofSeconds(10)));
        configureLog(logOptions.isJson());
        // Without memory, also a thread of the HTTP server may end.
        Thread.setDefaultUncaughtExceptionHandler((_, failure) -> RefusalLog.defect("a thread failed", failure));
        listenOptions.expectFree();
        try (RecognizerQueue transcriber = recognizer == null ? null : new RecognizerQueue(openRecognizer());
                ModelOptions.Opened opened = modelOptions.open();
                SileroNetwork network = SileroNetwork.load()) {
            SpokenModel model = system == null ? opened.model() : opened.model().withInstructions(system);
            GenerationConfig defaults = decodeOptions.config(model);
            ServerMetrics metrics =
                    new ServerMetrics(model.name(), model.languageModel().layers());
            try (ConversationPool pool = new ConversationPool(
                            model, limitOptions.options(model.languageModel().transformer()), metrics);
                    SparrowServer server = SparrowServer.start(
                            new ServedModel(
                                    model.name(),
                                    pool,
                                    defaults,
                                    Instant.now(),
                                    window.ofTurns(Window.of(model).turns()),
                                    Optional.ofNullable(transcriber)),
                            metrics,
                            options.withQuestions(questions()).withVads(network::vad))) {
                decodeOptions.caution(model).ifPresent(caution -> logOptions.say(out, caution));
                logOptions.say(out, model.name() + " warms up");
                out.flush();
                WarmUp.untilCompiled(model, opened.pool(), defaults.plan());
                // If Ctrl-C was pressed in the meantime, close the server with the interrupt flag cleared.
                if (Thread.interrupted()) return;
                // Loading and warm-up create half a gigabyte of garbage, which an idle server would otherwise keep.
                System.gc();
                server.ready();
                logOptions.say(
                        out,
                        model.name() + " answers at " + listenOptions.browsable(server.address()) + " (Ctrl-C ends)");
                server.callPort().ifPresent(udp -> logOptions.say(out, "calls over WebRTC at UDP port " + udp));
                listenOptions.hint().ifPresent(hint -> logOptions.say(out, hint));
                out.flush();
                awaitEnd(pool, options.longestClose());
            }
        }
    }

    /** Configures logging so that each failure of the server and its libraries is one line on standard error. */
    private static void configureLog(boolean json) {
        if (System.getProperty(LOG_FORMAT) == null) {
            System.setProperty(LOG_FORMAT, "%1$tFT%1$tT%1$tz %4$s %3$s: %5$s%6$s%n");
        }
        QUIET.forEach(logger -> logger.setLevel(Level.WARNING));
        if (!json) return;
        for (Handler handler : Logger.getLogger("").getHandlers()) handler.setFormatter(new JsonLog());
    }

    private SpeechRecognizer openRecognizer() throws IOException {
        SpeechRecognizer.Opener opener = SpeechRecognizer.Opener.find()
                .orElseThrow(() -> new IllegalArgumentException(
                        "--transcribe: the module study (sparrow-study) is not on the class path;"
                                + " a checkout's ./sparrow downloads it at the first use of this option"));
        return opener.open(recognizer);
    }

    /** Returns the sample questions for the page, which only the bundled model has. */
    private List<SpokenModels.SampleQuestion> questions() throws IOException {
        return modelOptions.isBundled() ? SpokenModels.bundledQuestions() : List.of();
    }

    /**
     * Waits for Ctrl-C or SIGTERM.
     *
     * @throws IllegalStateException if the model failed or the heap was exhausted; the process then ends with 1, so that
     *     it is restarted
     */
    static void awaitEnd(ConversationPool pool, Duration longestClose) {
        try {
            Optional<String> failure = Optional.empty();
            while (failure.isEmpty()) {
                Thread.sleep(FAILURE_CHECKS);
                failure = HeapShare.failure().or(pool::failure);
            }
            // The close may also fail if there is no memory for it.
            long seconds = longestClose.plus(ServerOptions.PATIENCE).toSeconds();
            CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS)
                    .execute(() -> Runtime.getRuntime().halt(FAILED));
            throw new IllegalStateException(failure.get() + "; the server ends, so that it can be started again");
        } catch (OutOfMemoryError e) {
            // The close would fail, too.
            Runtime.getRuntime().halt(FAILED);
        } catch (InterruptedException _) {
            // Ctrl-C or SIGTERM closes the server.
        }
    }
}
