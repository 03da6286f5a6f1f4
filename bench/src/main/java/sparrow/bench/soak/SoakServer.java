package sparrow.bench.soak;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The server of a soak test, a separate process that is started, stopped and observed. Its cache and its log of replies
 * share a folder, so that a full disk affects both.
 */
final class SoakServer implements AutoCloseable {
    /** Maximum time for {@code sparrow serve} to exit after SIGTERM, including 30 s for current replies. */
    private static final Duration DRAINED = Duration.ofSeconds(45);

    private static final Duration READY = Duration.ofMinutes(3);
    private static final Duration ANSWER = Duration.ofSeconds(10);

    /** Matches a full collection in the JVM's log, with the heap before, after and in total. */
    private static final Pattern WHOLE_COLLECTION = Pattern.compile("Pause Full .*?(\\d+)M->(\\d+)M\\(");

    private final Path launcher;
    private final Path disk;
    private final Path out;
    private final String key;
    private final int port = freePort();
    private final int debugPort = freePort();
    private final HttpClient client = HttpClient.newHttpClient();
    private int starts;
    private Process process;

    /** Whether the server is being restarted: true from SIGTERM until the next process is ready. */
    private volatile boolean away = true;

    /**
     * Creates a server without starting it.
     *
     * @param launcher the {@code sparrow} script
     * @param disk folder for the server's cache and reply log
     * @param out folder for the server's error output and garbage collection log
     * @param key API key that the server requires
     */
    SoakServer(Path launcher, Path disk, Path out, String key) throws IOException {
        this.launcher = launcher;
        this.disk = disk;
        this.out = out;
        this.key = key;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /**
     * Starts the server and waits until it is warm.
     *
     * @throws IOException if the server exits, or is not warm in time
     */
    void start() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        launcher.toString(), "serve", "--port", Integer.toString(port), "--set", "log=json")
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        disk.resolve("replies.log").toFile()))
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        out.resolve("server-errors.log").toFile()));
        starts++;
        builder.environment()
                .putAll(Map.of(
                        "SPARROW_API_KEY",
                        key,
                        "XDG_CACHE_HOME",
                        disk.resolve("cache").toString(),
                        "SPARROW_JAVA_OPTS",
                        "-Xmx1g -XX:-AutoCreateSharedArchive -Xlog:gc:file=" + collections()
                                + " -agentlib:jdwp=transport=dt_socket,server=y,suspend=n,quiet=y,address=127.0.0.1:"
                                + debugPort));
        process = builder.start();
        long last = System.nanoTime() + READY.toNanos();
        while (status("/readyz").filter(status -> status == 200).isEmpty()) {
            if (!process.isAlive()) {
                throw new IOException("the server exited with " + process.exitValue() + "; its errors are in "
                        + out.resolve("server-errors.log"));
            }
            if (System.nanoTime() > last) throw new IOException("the server was not ready within " + READY);
            Thread.sleep(200);
        }
        away = false;
    }

    /**
     * Sends SIGTERM, waits until the process has exited, and starts a new process.
     *
     * @return whether the process exited within the documented time
     */
    boolean restart() throws IOException, InterruptedException {
        away = true;
        try {
            process.destroy();
            boolean drained = process.waitFor(DRAINED.toMillis(), TimeUnit.MILLISECONDS);
            if (!drained) process.destroyForcibly().waitFor();
            start();
            return drained;
        } finally {
            away = false; // A server that could not be started is lost.
        }
    }

    /** Stops the server, forcibly if it takes longer than the time that this process has after Ctrl-C. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        client.shutdownNow();
        try {
            if (process != null) {
                process.destroy();
                if (!process.waitFor(8, TimeUnit.SECONDS))
                    process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            interrupted = true;
            process.destroyForcibly();
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    /** Returns whether the server should answer, which is not the case during a restart. */
    boolean isUp() {
        return !away;
    }

    /** Returns whether the server exited without being stopped. */
    boolean isLost() {
        return isUp() && !process.isAlive();
    }

    int port() {
        return port;
    }

    String key() {
        return key;
    }

    URI realtime() {
        return URI.create("ws://127.0.0.1:" + port + "/v1/realtime");
    }

    /** Returns the folder of the cache and the log of replies. */
    Path disk() {
        return disk;
    }

    /** Returns the status of a request without a key, or empty if the server does not answer in time. */
    Optional<Integer> status(String path) throws InterruptedException {
        return get(path).map(HttpResponse::statusCode);
    }

    /** Returns the sum of a metric over its labels, or empty if it is not available. */
    OptionalDouble metric(String name) throws InterruptedException {
        Optional<String> text = get("/metrics").map(HttpResponse::body);
        return text.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(text.get()
                        .lines()
                        .filter(line -> line.startsWith(name + "{"))
                        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                        .sum());
    }

    private Optional<HttpResponse<String>> get(String path) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer " + key)
                .timeout(ANSWER)
                .build();
        try {
            return Optional.of(client.send(request, HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Returns resident memory in MB (10⁶ bytes), or empty if there is no process. */
    OptionalDouble residentMb() {
        return status().filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> 1024e-6 * number(line))
                .findFirst();
    }

    OptionalDouble threads() {
        return status().filter(line -> line.startsWith("Threads:"))
                .mapToDouble(SoakServer::number)
                .findFirst();
    }

    OptionalDouble handles() {
        try (Stream<Path> handles = Files.list(proc("fd"))) {
            return OptionalDouble.of(handles.count());
        } catch (IOException e) {
            return OptionalDouble.empty();
        }
    }

    private Stream<String> status() {
        try {
            return Files.readAllLines(proc("status")).stream();
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    private Path proc(String file) {
        return Path.of("/proc", Long.toString(process.pid()), file);
    }

    private static long number(String line) {
        return Long.parseLong(line.replaceAll("\\D", ""));
    }

    /**
     * Triggers a full collection and returns the remaining heap in MB (2²⁰ bytes) from the JVM's log, or empty if there
     * is no process.
     */
    OptionalDouble heapAfterCollection() throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process command = new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!command.waitFor(30, TimeUnit.SECONDS)) command.destroyForcibly();
        if (command.waitFor() != 0) return OptionalDouble.empty();
        return heap(Files.readString(collections()));
    }

    /** Returns the heap size after the last full collection in a log of {@code -Xlog:gc}. */
    static OptionalDouble heap(String log) {
        OptionalDouble last = OptionalDouble.empty();
        Matcher collection = WHOLE_COLLECTION.matcher(log);
        while (collection.find()) last = OptionalDouble.of(Double.parseDouble(collection.group(2)));
        return last;
    }

    private Path collections() {
        return out.resolve("collections-" + starts + ".log");
    }

    /**
     * Throws an OutOfMemoryError in a vocoder thread that is computing.
     *
     * @throws TimeoutException if no vocoder thread computes within {@code longest}
     */
    void breakVocoder(Duration longest) throws IOException, InterruptedException, TimeoutException {
        VocoderFault.inject(debugPort, this::isUp, longest);
    }
}
