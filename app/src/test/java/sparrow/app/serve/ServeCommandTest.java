package sparrow.app.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static sparrow.app.Commands.assertRefusedInOneLine;
import static sparrow.app.Commands.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.app.Commands;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.pool.ConversationPool;
import sparrow.models.pool.PoolOptions;
import sparrow.server.call.CallPort;
import sparrow.server.message.HeapShare;
import sparrow.server.message.RefusalLog;

/** {@code sparrow serve} as a process of its own: from its first line to its end. */
class ServeCommandTest {
    private static final String UNPRINTABLE = "[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]";
    private static final Pattern ADDRESS = Pattern.compile("answers at (http\\S+)");

    @TempDir
    private Path folder;

    /** One test, because the warm-up of a server takes longer than all of it. */
    @Test
    void itSaysWhereItAnswersPrintsNoControlCharactersAndEndsWithSigterm() throws Exception {
        Process serve = process("--port", "0", "--set", "log=json")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out = serve.inputReader()) {
            assertThat(lineWith("warms up", out))
                    .matches("\\{\"time\":\"[^\"]+Z\",\"level\":\"INFO\",\"logger\":\"sparrow\","
                            + "\"message\":\"sparrow-tiny warms up\"}");
            URI address = address(out);

            HttpResponse<String> ready = get(address.resolve("/readyz"));
            HttpResponse<String> answer = post(address.resolve("/v1/chat/completions"), """
                    {"model": "sparrow-tiny", "max_tokens": 5, "messages": [{"role": "user", "content": "hello"}]}
                    """);

            assertThat(ready.statusCode()).isEqualTo(200);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(lineWith("\"end\":", out)).contains("\"end\":\"length\"").doesNotContain("\"text\"");
            assertPrintableEverywhere(address, out);
            serve.toHandle().destroy(); // a process's own would close its output here
            assertThat(serve.waitFor(5, TimeUnit.MINUTES)).isTrue();
            assertThat(serve.exitValue()).isZero();
        } finally {
            serve.destroyForcibly();
        }
    }

    @Test
    void withoutMemoryItEndsSoThatItIsStartedAgain() throws IOException {
        try (SpokenModel model = SpokenModels.bundled();
                ConversationPool pool = new ConversationPool(model, PoolOptions.DEFAULT)) {
            RefusalLog.defect("a request failed", new OutOfMemoryError("Java heap space"));

            assertThatIllegalStateException()
                    .isThrownBy(() -> ServeCommand.awaitEnd(pool, Duration.ofDays(1)))
                    .withMessage(
                            "out of memory: the heap was exhausted; the server ends, so that it can be started again");
        } finally {
            HeapShare.begin();
        }
    }

    /** The smallest heap in which the server starts has no memory for the replies of 32 clients. */
    @Tag("full")
    @Test
    void aHeapThatIsTooSmallEndsIt() throws Exception {
        for (int mebibytes = 32; ; mebibytes += 4) {
            Process serve = process(
                            "-Xmx" + mebibytes + "m",
                            "-XX:MaxDirectMemorySize=1g",
                            "-XX:ActiveProcessorCount=2",
                            "--port",
                            "0")
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader out = serve.inputReader()) {
                Optional<URI> address = findAddress(out);
                if (address.isPresent()) {
                    assertEnds(serve, out, address.get());
                    return;
                }
            } finally {
                serve.destroyForcibly();
            }
        }
    }

    private static void assertEnds(Process serve, BufferedReader out, URI address) throws Exception {
        CompletableFuture<String> log =
                CompletableFuture.supplyAsync(() -> out.lines().collect(Collectors.joining("\n")));
        String body = """
                {"model": "sparrow-tiny", "modalities": ["text", "audio"], "audio": {"voice": "default", "format": "wav"},
                 "messages": [{"role": "user", "content": "what is the capital of libya?"}]}
                """;
        List<Thread> clients = IntStream.range(0, 32)
                .mapToObj(_ -> Thread.ofVirtual().start(() -> chat(address.resolve("/v1/chat/completions"), body)))
                .toList();
        assertThat(serve.waitFor(10, TimeUnit.MINUTES)).isTrue();
        for (Thread client : clients) client.join();

        assertThat(log.get()).contains("OutOfMemoryError: Java heap space");
        assertThat(serve.exitValue()).isEqualTo(1);
    }

    /** Chats until a chat fails. */
    private static void chat(URI address, String body) {
        try {
            while (post(address, body).statusCode() == 200) {}
        } catch (Exception e) {
            // The server ends.
        }
    }

    /** What a client names reaches bodies, events, reasons and the log in characters that print. */
    private static void assertPrintableEverywhere(URI address, BufferedReader out) throws Exception {
        String json = "a\\u0000b\u0085c\u2028d\u2029e\u202Ef\u009Bg\uFEFFh";
        HttpResponse<String> answer =
                post(address.resolve("/v1/chat/completions"), "{\"model\": \"" + json + "\", \"messages\": []}");
        String logged = lineWith("404", out);
        assertThat(logged)
                .startsWith("{\"time\":")
                .contains("\"request\":\""
                        + answer.headers().firstValue("x-request-id").orElseThrow() + "\"");
        String event = answer(address, "/v1/realtime?model=sparrow-tiny", "{\"type\": \"" + json + "\"}");
        String loggedEvent = lineWith("refused", out);
        String close = answer(address, "/twilio", "{\"event\": \"connected\", \"protocol\": \"" + json + "\"}");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(List.of(answer.body(), event)).allSatisfy(ServeCommandTest::assertPrintable);
        // It is quoted, with the first character as an escape sequence of JSON.
        assertThat(close).contains("b?c?d?e?f?g?h").doesNotContainPattern(UNPRINTABLE);
        assertThat(List.of(logged, loggedEvent, lineWith("closed with 1008", out)))
                .allSatisfy(line -> assertThat(line).doesNotContainPattern(UNPRINTABLE));
    }

    private static String lineWith(String part, BufferedReader out) throws IOException {
        String line = out.readLine();
        while (line != null && !line.contains(part)) line = out.readLine();
        assertThat(line).as("a line with " + part).isNotNull();
        return line;
    }

    @Test
    void whatDoesNotPrintIsReplacedInMessages() {
        assertPrintable(run("ask", "a\0b\u0085c\u2028d\u2029e\u202Ef\u009Bg\uFEFFh")
                .err()
                .strip());
    }

    @Tag("full")
    @Test
    void itDoesNotAnswerAfterItWasStoppedInItsWarmUp() throws Exception {
        Process serve = serve("--port", "0");
        try (BufferedReader out = serve.inputReader()) {
            assertThat(out.readLine()).isEqualTo("sparrow: sparrow-tiny warms up");

            serve.toHandle().destroy(); // a process's own would close its output here

            assertThat(out.readLine()).isNull();
            assertThat(serve.waitFor(5, TimeUnit.MINUTES)).isTrue();
            assertThat(serve.exitValue()).isZero();
        } finally {
            serve.destroyForcibly();
        }
    }

    @Tag("full")
    @Test
    void aCertificateOfItsOwnIsGoneWhenItEnds() throws Exception {
        Process serve = serve("-Djava.io.tmpdir=" + folder, "--port", "0", "--tls", "self-signed");
        try (BufferedReader out = serve.inputReader()) {
            assertThat(address(out).getScheme()).isEqualTo("https");
            assertThat(folder).isNotEmptyDirectory();

            serve.destroy();

            assertThat(serve.waitFor(5, TimeUnit.MINUTES)).isTrue();
            assertThat(serve.exitValue()).isZero();
            assertThat(folder).isEmptyDirectory();
        } finally {
            serve.destroyForcibly();
        }
    }

    private static void assertPrintable(String text) {
        assertThat(text).contains("a?b").contains("e?f?g?h").doesNotContainPattern(UNPRINTABLE);
    }

    /** The first error event that answers a frame, or the reason of the close. */
    private static String answer(URI address, String path, String frame) throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        WebSocket.Listener listener = new WebSocket.Listener() {
            private final StringBuilder text = new StringBuilder();

            @Override
            public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
                text.append(part);
                if (last && text.indexOf("\"error\"") >= 0) answer.complete(text.toString());
                if (last) text.setLength(0);
                socket.request(1);
                return null;
            }

            @Override
            public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
                answer.complete(reason);
                return null;
            }
        };
        try (HttpClient client = HttpClient.newHttpClient()) {
            WebSocket socket = client.newWebSocketBuilder()
                    .buildAsync(URI.create("ws://" + address.getAuthority() + path), listener)
                    .get(5, TimeUnit.MINUTES);
            socket.sendText(frame, true).get(5, TimeUnit.MINUTES);
            String said = answer.get(5, TimeUnit.MINUTES);
            socket.abort();
            return said;
        }
    }

    private static Process serve(String... options) throws IOException {
        return process(options).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    /**
     * The process has the JIT options of the test's JVM, so that its warm-up is short.
     *
     * @param options of the JVM, which begin with -D or -X, and of the command
     */
    private static ProcessBuilder process(String... options) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path")));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("-XX:"))
                .forEach(command::add);
        Map<Boolean, List<String>> ofJvm =
                Stream.of(options).collect(Collectors.partitioningBy(option -> option.matches("-[DX].*")));
        command.addAll(ofJvm.get(true));
        command.addAll(List.of("sparrow.app.Main", "serve"));
        command.addAll(ofJvm.get(false));
        return new ProcessBuilder(command);
    }

    private static URI address(BufferedReader out) throws IOException {
        return findAddress(out).orElseThrow(() -> new AssertionError("the server did not say where it answers"));
    }

    private static Optional<URI> findAddress(BufferedReader out) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Matcher found = ADDRESS.matcher(line);
            if (found.find()) return Optional.of(URI.create(found.group(1)));
        }
        return Optional.empty();
    }

    private static HttpResponse<String> get(URI address) throws Exception {
        return send(HttpRequest.newBuilder(address).build());
    }

    private static HttpResponse<String> post(URI address, String json) throws Exception {
        return send(HttpRequest.newBuilder(address)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build());
    }

    private static HttpResponse<String> send(HttpRequest request) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void aRecogniserNeedsTheLaboratory() {
        assertRefusedInOneLine(run("serve", "--port", "0", "--transcribe", "whisper:ggml-base.bin"), "sparrow-study");
    }

    @Test
    void beyondThisMachineItWantsAKeyOrToBeToldThatItNeedsNone() {
        assertRefusedInOneLine(run("serve", "--host", "0.0.0.0", "--port", "0"), "--key none");
    }

    @Test
    void aPortThatIsTakenIsRefusedInOneLineThatNamesIt() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());

            for (String model : List.of("", "--model=none")) {
                Commands.Outcome outcome =
                        run(("serve --port " + port + " " + model).strip().split(" "));

                assertRefusedInOneLine(outcome, "--port: cannot listen on port " + port + " of 127.0.0.1");
            }
        }
    }

    @Test
    void aUdpPortThatIsTakenIsRefusedInOneLineThatNamesIt() throws IOException {
        try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            Commands.Outcome outcome = run("serve", "--port", "0", "--webrtc", "" + taken.getLocalPort());

            assertRefusedInOneLine(
                    outcome, "--webrtc: cannot listen on UDP port " + taken.getLocalPort() + " of 127.0.0.1");
        }
    }

    /** The opener of a module {@code webrtc} whose UDP port is taken by another process while the model is loading. */
    public static final class LateOpener implements CallPort.Opener {
        /** The socket of the other process, or null. */
        private static DatagramSocket taken;

        @Override
        public CallPort open(InetAddress address, int port, Optional<InetAddress> announced) throws IOException {
            taken = new DatagramSocket(port, address);
            throw new BindException("Address already in use");
        }
    }

    @Test
    void aUdpPortThatIsTakenWhileTheModelIsLoadingIsRefusedInOneLineThatNamesIt() throws IOException {
        int port;
        try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try {
            assertRefusedInOneLine(
                    run("serve", "--port", "0", "--webrtc", "" + port),
                    "--webrtc: cannot listen on UDP port " + port + " of 127.0.0.1");
        } finally {
            LateOpener.taken.close();
        }
    }

    @Test
    void whatCannotServeIsRefusedInOneLine() throws IOException {
        Path empty = Files.createFile(folder.resolve("key"));

        assertRefusedInOneLine(run("serve", "--key", empty.toString()), "expected a key");
        Path twoLines = Files.writeString(folder.resolve("lines"), "one\ntwo\n");
        assertRefusedInOneLine(run("serve", "--key", twoLines.toString()), "expected a key, one line");
        assertRefusedInOneLine(run("serve", "--tls", "letsencrypt"), "self-signed");
        assertRefusedInOneLine(run("serve", "--tls", "nowhere.p12"), "nowhere.p12");
        assertRefusedInOneLine(run("serve", "--port", "65536"), "65535");
        assertRefusedInOneLine(run("serve", "--webrtc", "65536"), "0 to 65535");
        assertRefusedInOneLine(run("serve", "--webrtc", "udp"), "--webrtc");
        assertRefusedInOneLine(run("serve", "--webrtc", "203.0.113.5:65536"), "0 to 65535");
        for (String host : List.of("", "0.0.0.0", "[::]", "nowhere.invalid")) {
            assertRefusedInOneLine(
                    run("serve", "--webrtc", host + ":8080"),
                    "--webrtc: expected a name or an address at which clients reach the server, got " + host + ":8080");
        }
        assertRefusedInOneLine(run("serve", "--host", "[x]"), "--host: expected a name or address");
        assertRefusedInOneLine(run("serve", "--set", "on-interrupt=forget"), "--set on-interrupt");
        assertRefusedInOneLine(run("serve", "--allow-origin", "example.org"), "https://example.org");
    }
}
