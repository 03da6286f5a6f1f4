package sparrow.bench.load;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sparrow.app.console.Interruption;
import sparrow.app.console.Waiting;
import sparrow.app.options.QuestionFile;
import sparrow.app.serve.ApiKey;
import sparrow.bench.harness.BenchProgress;
import sparrow.bench.harness.BenchReport;
import sparrow.models.SpokenModels;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** {@code sparrow bench load}: talks with a server and measures what its users would notice. */
@Command(
        name = "load",
        description = "Talk with a Realtime server, and measure the latency, pauses and interruptions of its "
                + "answers. The client uses processor time; to measure only the server, run the client on "
                + "another machine.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow bench load ws://127.0.0.1:8080 --talkers 1,2,4,8 --turns 10 --barge-in 0.2",
            "  sparrow bench load ws://127.0.0.1:8080 --talkers 4 --seconds 60 --vad --json",
            "  sparrow bench load wss://voice.example.org --key key --set questions=recordings/"
        })
public final class LoadCommand implements Callable<Integer> {
    private static final String REALTIME = "/v1/realtime";

    @Parameters(
            paramLabel = "URL",
            description = "Server address: ws://HOST:PORT or wss://HOST:PORT. The default path is " + REALTIME + " or "
                    + LoadSettings.LIVE + ".")
    private String server;

    @Option(
            names = "--talkers",
            split = ",",
            paramLabel = "N",
            description = "Numbers of concurrent talkers, each measured separately. Default: 1.")
    private List<Integer> talkers = List.of(1);

    @Option(names = "--turns", paramLabel = "N", description = "Number of questions that each talker asks. Default: 5.")
    private Integer turns;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "Instead of --turns: seconds after which no talker asks another question.")
    private Double seconds;

    @Option(
            names = "--barge-in",
            paramLabel = "P",
            defaultValue = "0",
            description = "Share of answers that are interrupted, 0 to 1. Default: ${DEFAULT-VALUE}.")
    private double bargeIn;

    @Option(
            names = "--protocol",
            paramLabel = "NAME",
            defaultValue = "realtime",
            description = "Protocol: realtime, or live (GPT-Live: always with --vad, in one conversation, without "
                    + "--barge-in). Default: ${DEFAULT-VALUE}.")
    private Protocol protocol;

    private enum Protocol {
        REALTIME,
        LIVE
    }

    @Option(
            names = "--vad",
            description = "Let the server, instead of the client, detect interruptions and the ends of questions.")
    private boolean vad;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed for the questions, their times and the interruptions. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--set one-conversation",
            arity = "1",
            paramLabel = "true|false",
            description = "Ask all questions of a talker in one conversation, instead of deleting the conversation "
                    + "before each question. Default: false.")
    private boolean oneConversation;

    @Option(
            names = "--set questions",
            split = ",",
            paramLabel = "PATH",
            description = "WAV files with questions, or folders that contain them. Default: the bundled model's "
                    + "recordings.")
    private List<Path> questions;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "File with the server's key. Default: the environment variable " + ApiKey.VARIABLE + ".")
    private Path apiKeyFile;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        LoadSettings settings = settings();
        List<Waveform> recordings = recordings();
        List<LoadRow> rows;
        try (Waiting waiting = Waiting.begin(
                "talking",
                settings.talkers().stream().mapToInt(Integer::intValue).sum())) {
            rows = LoadRun.measure(settings, recordings, BenchProgress.on(waiting));
        }
        // Measurements are written even after Ctrl-C. The interrupt status is cleared because it would prevent writing.
        boolean interrupted = Thread.interrupted();
        BenchReport report = new BenchReport(command(), 1);
        LoadRow.report(settings, rows, report.value("interrupted", interrupted));
        if (interrupted) report.line("interrupted: only earlier measurements are included");
        PrintWriter out = spec.commandLine().getOut();
        if (json) out.println(report.json());
        else report.print(out);
        out.flush();
        if (interrupted) return Interruption.EXIT_CODE;
        if (rows.stream().anyMatch(row -> !row.replies().isEmpty())) return 0;
        spec.commandLine().getErr().println("sparrow: no answer was heard");
        return 1;
    }

    private LoadSettings settings() throws IOException {
        if (turns != null && seconds != null) {
            throw new IllegalArgumentException("--seconds: expected without --turns, which it replaces");
        }
        if (seconds != null && !(seconds > 0 && seconds <= 86_400)) {
            throw new IllegalArgumentException("--seconds: expected above 0 and up to 86400, got " + seconds);
        }
        URI address = address();
        boolean live = protocol == Protocol.LIVE;
        if (live != address.getPath().endsWith(LoadSettings.LIVE)) {
            throw new IllegalArgumentException("URL: expected the path of --protocol, got " + server);
        }
        if (live && bargeIn > 0) {
            throw new IllegalArgumentException(
                    "--barge-in: expected 0 with --protocol live, which reports no interruption");
        }
        int maxTurns = seconds != null ? Integer.MAX_VALUE : turns == null ? 5 : turns;
        return new LoadSettings(
                address,
                ApiKey.find(apiKeyFile),
                talkers,
                maxTurns,
                seconds == null ? Duration.ofDays(1) : Duration.ofMillis(Math.round(1000 * seconds)),
                bargeIn,
                vad || live ? TurnTaking.SERVER_VAD : TurnTaking.MANUAL,
                oneConversation || live ? History.KEPT : History.FORGOTTEN,
                seed);
    }

    private URI address() {
        try {
            URI given = new URI(server);
            boolean known = "ws".equals(given.getScheme()) || "wss".equals(given.getScheme());
            if (!known || given.getHost() == null) throw unknownAddress();
            boolean bare = given.getPath().isEmpty() || given.getPath().equals("/");
            return bare
                    ? new URI(
                            given.getScheme(),
                            null,
                            given.getHost(),
                            given.getPort(),
                            protocol == Protocol.LIVE ? LoadSettings.LIVE : REALTIME,
                            given.getQuery(),
                            null)
                    : given;
        } catch (URISyntaxException e) {
            throw unknownAddress();
        }
    }

    private IllegalArgumentException unknownAddress() {
        return new IllegalArgumentException("URL: expected ws://HOST:PORT or wss://HOST:PORT, got " + server);
    }

    private List<Waveform> recordings() throws IOException {
        List<Waveform> found = new ArrayList<>();
        if (questions == null) {
            for (SpokenModels.SampleQuestion sample : SpokenModels.bundledQuestions()) {
                found.add(WavFile.read(sample.recording(), Path.of(sample.text())));
            }
            return found;
        }
        for (Path path : questions) {
            for (Path file : files(path)) found.add(QuestionFile.read(file).waveform());
        }
        return found;
    }

    private List<Path> files(Path path) throws IOException {
        if (!Files.isDirectory(path)) return List.of(path);
        try (Stream<Path> inside = Files.list(path)) {
            List<Path> files = inside.filter(file -> file.toString().endsWith(".wav"))
                    .sorted()
                    .toList();
            if (files.isEmpty()) throw new IllegalArgumentException("--questions: expected WAV files in " + path);
            return files;
        }
    }

    private String command() {
        return "sparrow "
                + String.join(" ", spec.root().commandLine().getParseResult().originalArgs());
    }
}
