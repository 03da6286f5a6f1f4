package sparrow.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import sparrow.bench.load.Callers.Call;
import sparrow.speech.wave.WavFile;

/**
 * Two servers, each a process, and HAProxy with the configuration of {@code examples/deploy}. 20 talkers call through it while
 * a server is killed, and while both are started anew, one after the other.
 */
@EnabledIfSystemProperty(
        named = "sparrow.haproxy",
        matches = "true",
        disabledReason = "-Phaproxy runs it, with HAProxy of this machine")
class HaproxyTest {
    private static final Path ROOT =
            Path.of(System.getProperty("sparrow.testdata")).resolveSibling("");
    private static final int TALKERS = 20;
    private static final int TURNS = 2;

    /** The examples that take less than 1.5 s to say. */
    private static final List<Integer> SHORT_QUESTIONS = List.of(3, 5, 9, 11, 12);

    /** Of one step on a busy machine. */
    private static final Duration MAX_WAIT = Duration.ofMinutes(5);

    @TempDir
    private Path folder;

    /** A process, and the lines that it prints. */
    private static final class Program implements AutoCloseable {
        /** Added after the last line of a program that has ended. */
        private static final String END = "(end)";

        private final String name;
        private final Process process;
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

        /** Lines that nobody waited for until now. */
        private final List<String> others = new ArrayList<>();

        Program(String name, List<String> command) throws IOException {
            this.name = name;
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
            BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
            Thread.ofVirtual().start(() -> {
                out.lines().forEach(lines::add);
                lines.add(END);
            });
        }

        /** Waits for a line with such a part that was not awaited before. Fails when the program has ended without it. */
        void await(String pattern) throws InterruptedException {
            Pattern wanted = Pattern.compile(pattern);
            for (int i = 0; ; i++) {
                if (i == others.size()) {
                    String line = lines.poll(MAX_WAIT.toSeconds(), TimeUnit.SECONDS);
                    if (line == null || line.equals(END)) {
                        throw new AssertionError(name + ": no line with " + pattern + " among " + others);
                    }
                    others.add(line);
                }
                if (wanted.matcher(others.get(i)).find()) {
                    others.remove(i);
                    return;
                }
            }
        }

        @Override
        public void close() {
            process.toHandle().destroyForcibly();
        }
    }

    private static Program server(int port) throws IOException, InterruptedException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                // Two servers with threads for all processors would keep each other from computing.
                "-XX:ActiveProcessorCount=1",
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "sparrow.app.Main",
                "serve",
                "--port=" + port,
                "--sessions=" + 2 * TALKERS,
                "--set",
                "drain=100");
        return new Program("server", command);
    }

    /** Waits until HAProxy has found out by its checks; it prints each such line to its log as well. */
    private static void awaitState(Program haproxy, int server, String state) throws InterruptedException {
        haproxy.await("^\\[WARNING].* Server calls/sparrow-" + server + " is " + state);
    }

    private Program haproxy(int port, int first, int second) throws IOException {
        String example = Files.readString(ROOT.resolve("examples/deploy/haproxy.cfg"));
        String here = example.replace("bind :8080", "bind 127.0.0.1:" + port)
                .replace("10.8.0.11:8080", "127.0.0.1:" + first)
                .replace("10.8.0.12:8080", "127.0.0.1:" + second);
        assertThat(here).contains("bind 127.0.0.1:" + port, "127.0.0.1:" + first, "127.0.0.1:" + second);
        Path file = Files.writeString(folder.resolve("haproxy.cfg"), here);
        String debian = "/usr/sbin/haproxy";
        String program = Files.isExecutable(Path.of(debian)) ? debian : "haproxy";
        return new Program("haproxy", List.of(program, "-db", "-f", file.toString()));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static List<Recording> questions() throws IOException {
        List<Recording> questions = new ArrayList<>();
        for (int number : SHORT_QUESTIONS) {
            Path file = ROOT.resolve(String.format(Locale.ROOT, "examples/q%02d.wav", number));
            questions.add(Recording.of(WavFile.read(file)));
        }
        return questions;
    }

    /** Waits until a server has a reply under way. */
    private static void awaitReply(int port) throws IOException, InterruptedException {
        HttpRequest status = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/sparrow/v1/status"))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer;
            do answer = client.send(status, HttpResponse.BodyHandlers.ofString());
            while (answer.body().contains("\"active\":0"));
        }
    }

    @Test
    void aKilledServersTalkersAreAnsweredByTheOtherAndARollingRestartLosesNoReply() throws Exception {
        List<Program> programs = new ArrayList<>();
        try {
            run(programs);
        } finally {
            programs.forEach(Program::close);
        }
    }

    private void run(List<Program> programs) throws Exception {
        int firstPort = freePort();
        int secondPort = freePort();
        int port = freePort();
        Program haproxy = added(programs, haproxy(port, firstPort, secondPort));
        awaitState(haproxy, 1, "DOWN");
        awaitState(haproxy, 2, "DOWN");
        Program first = added(programs, server(firstPort));
        Program second = added(programs, server(secondPort));
        awaitState(haproxy, 1, "UP");
        awaitState(haproxy, 2, "UP");
        try (Callers callers = new Callers(URI.create("ws://127.0.0.1:" + port + "/v1/realtime"), questions(), TURNS)) {
            callers.start(TALKERS);
            List<Call> broken = kill(first, firstPort, callers);
            first = added(programs, server(firstPort));
            awaitState(haproxy, 1, "UP");

            double secondDrain = stop(second);
            second = added(programs, server(secondPort));
            awaitState(haproxy, 2, "UP");
            double firstDrain = stop(first);
            added(programs, server(firstPort));
            awaitState(haproxy, 1, "UP");
            callers.hangUp();

            List<Call> calls = callers.calls().stream()
                    .filter(call -> !broken.contains(call))
                    .toList();
            assertThat(calls).allSatisfy(HaproxyTest::assertWhole);
            say(
                    "rolling restart: of %d replies in %d calls none was lost; the servers drained for %.1f and %.1f s;"
                            + " %d handshakes were refused",
                    replies(calls), calls.size(), secondDrain, firstDrain, callers.refusals());
        }
    }

    /**
     * Kills the first server while it answers, waits until its talkers are answered by the other, and returns its calls. A
     * reply was lost only if it was under way there, because each talker waits for a reply before its next question.
     */
    private static List<Call> kill(Program first, int firstPort, Callers callers) throws Exception {
        // A JVM that just started still compiles.
        callers.await("two calls of each", calls -> calls.size() >= 2 * TALKERS);
        awaitReply(firstPort);
        List<Call> open = callers.open();
        long kill = System.nanoTime();
        first.close();
        callers.await("the end of the calls under way", _ -> open.stream().allMatch(Call::isOver));
        List<Call> broken = open.stream().filter(Call::isBroken).toList();
        callers.await(
                "the end of the calls of those that called again",
                calls -> calls.stream()
                                .filter(call -> call.isAgain(kill) && call.isOver())
                                .count()
                        >= broken.size());

        List<Call> others = open.stream().filter(call -> !call.isBroken()).toList();
        List<Call> again =
                callers.calls().stream().filter(call -> call.isAgain(kill)).toList();
        assertThat(broken).isNotEmpty();
        assertThat(others).isNotEmpty().allSatisfy(HaproxyTest::assertWhole);
        assertThat(again).allSatisfy(HaproxyTest::assertWhole);
        int underruns = others.stream()
                .flatMap(call -> call.log.replies().stream())
                .mapToInt(ReplyMeasure::underruns)
                .sum();
        double connected = longest(again, call -> seconds(call.connected - call.lost));
        double answered = longest(again, call -> call.log.replies().getFirst().firstAudioMs() / 1000);
        say(
                "killed in mid-call: %d of %d calls broke and lost %d replies; the others heard %d replies with %d underruns;"
                        + " the %d talkers were connected again within %.2f s, and answered within %.2f s of their question"
                        + " and %.1f s of the kill",
                broken.size(),
                open.size(),
                broken.stream().mapToInt(call -> call.log.questions()).sum() - replies(broken),
                replies(others),
                underruns,
                again.size(),
                connected,
                answered,
                longest(again, call -> seconds(call.firstSound - kill)));
        return broken;
    }

    private static double longest(List<Call> calls, ToDoubleFunction<Call> seconds) {
        return calls.stream().mapToDouble(seconds).max().orElseThrow();
    }

    private static void assertWhole(Call call) {
        assertThat(call.isWhole())
                .as(
                        "caller %d: %d questions, %d replies, %s, %s",
                        call.caller,
                        call.log.questions(),
                        call.log.replies().size(),
                        call.log.failures(),
                        call.log.broken())
                .isTrue();
    }

    private static int replies(List<Call> calls) {
        return calls.stream().mapToInt(call -> call.log.replies().size()).sum();
    }

    /** SIGTERM, and seconds until the server has ended by itself. */
    private static double stop(Program server) throws InterruptedException {
        long begin = System.nanoTime();
        server.process.toHandle().destroy(); // a process's own would close its output here
        assertThat(server.process.waitFor(MAX_WAIT.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        assertThat(server.process.exitValue()).isZero();
        return seconds(System.nanoTime() - begin);
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }

    private static Program added(List<Program> programs, Program program) {
        programs.add(program);
        return program;
    }

    private static void say(String format, Object... values) {
        System.out.println("haproxy: " + String.format(Locale.ROOT, format, values));
    }
}
