package sparrow.bench.load;

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
 * The server of a soak: a process of its own, which is started, stopped and looked at from outside. Its cache and its log of
 * replies lie in one folder, so that one full disk is under both.
 */
final class SoakServer implements AutoCloseable {
    /** Of {@code sparrow serve} after SIGTERM: 30 s for replies under way, and the rest. */
    private static final Duration DRAINED = Duration.ofSeconds(45);

    private static final Duration READY = Duration.ofMinutes(3);
    private static final Duration ANSWER = Duration.ofSeconds(10);

    /** A whole collection in the log of the JVM: heap before, after and in all. */
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

    /** True from the SIGTERM of {@link #restart} until the next process is ready. */
    private volatile boolean away = true;

    /**
     * A server that is not started.
     *
     * @param launcher the script {@code sparrow}
     * @param disk folder of its cache and its log of replies
     * @param out folder of its errors and the log of its collections
     * @param key that it wants
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
     * Starts it and waits until it is warm.
     *
     * @throws IOException in one line if it ends, or is not warm in time
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
                throw new IOException("the server ended with " + process.exitValue() + "; its errors are in "
                        + out.resolve("server-errors.log"));
            }
            if (System.nanoTime() > last) throw new IOException("the server was not ready within " + READY);
            Thread.sleep(200);
        }
        away = false;
    }

    /**
     * Sends SIGTERM, waits until it has ended, and starts it again.
     *
     * @return whether it ended by itself within its documented time
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
            away = false; // one that could not start is lost
        }
    }

    /** Ends it; by force if it takes longer than this process may after Ctrl-C. */
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

    /** True if it should answer now: no restart was requested. */
    boolean isUp() {
        return !away;
    }

    /** Tells if it ended though nobody stopped it. */
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

    /** The folder of its cache and its log. */
    Path disk() {
        return disk;
    }

    /** The status of an answer without a key; empty if there is none in time. */
    Optional<Integer> status(String path) throws InterruptedException {
        return get(path).map(HttpResponse::statusCode);
    }

    /** The sum of a metric over its labels; empty if it cannot be had. */
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

    /** Resident memory in MB (10⁶ bytes); empty while there is no process, as the next ones. */
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

    /** Has it collect its whole heap, and gives what is left, in MB of 2²⁰ bytes as the JVM's log has them. */
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

    /** Heap after the last whole collection in a log of {@code -Xlog:gc}. */
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
     * Throws an OutOfMemoryError into a vocoder thread while it computes.
     *
     * @throws TimeoutException if none computes for this long
     */
    void breakVocoder(Duration longest) throws IOException, InterruptedException, TimeoutException {
        VocoderFault.inject(debugPort, this::isUp, longest);
    }
}
