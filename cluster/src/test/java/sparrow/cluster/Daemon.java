package sparrow.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process of Spark's. It ends with this JVM at the latest, and what it started ends with it. */
final class Daemon implements AutoCloseable {
    private static final long PATIENCE_S = 300;

    private final Process process;
    private final Path log;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Thread atExit = new Thread(this::kill);

    private Daemon(Process process, Path log) {
        this.process = process;
        this.log = log;
        Runtime.getRuntime().addShutdownHook(atExit);
        Thread.ofPlatform().daemon().name("log of " + log.getFileName()).start(this::read);
    }

    static Daemon start(Path log, String... command) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                Path.of(System.getenv("SPARK_HOME"), "jars") + "/*"));
        words.addAll(List.of(command));
        return new Daemon(new ProcessBuilder(words).redirectErrorStream(true).start(), log);
    }

    private void read() {
        try (BufferedReader in =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                PrintWriter out = new PrintWriter(Files.newBufferedWriter(log), true)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                out.println(line);
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add(e.toString());
        }
        lines.add("(end)");
    }

    ProcessHandle process() {
        return process.toHandle();
    }

    /** Waits for a line of its log. */
    Matcher await(Pattern pattern) throws IOException {
        try {
            for (String line = lines.poll(PATIENCE_S, TimeUnit.SECONDS);
                    line != null && !line.equals("(end)");
                    line = lines.poll(PATIENCE_S, TimeUnit.SECONDS)) {
                Matcher matcher = pattern.matcher(line);
                if (matcher.find()) return matcher;
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        throw new IOException("no \"" + pattern + "\" in the log:\n" + Files.readString(log));
    }

    private void kill() {
        List<ProcessHandle> started = process.descendants().toList();
        process.destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
    }

    /** Kills it and what it started. */
    @Override
    public void close() {
        kill();
        process.onExit().join();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }
}
