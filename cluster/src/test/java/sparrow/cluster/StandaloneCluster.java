package sparrow.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A cluster of Spark's own kind on this machine: a master and two workers of one core each, in processes of their own,
 * from the jars that the build copied. It asks for a secret.
 */
final class StandaloneCluster implements AutoCloseable {
    private static final int WORKERS = 2;
    private static final Pattern MASTER = Pattern.compile("Starting Spark master at (spark://\\S+)");
    private static final Pattern REGISTERED = Pattern.compile("Successfully registered with master");

    private final Path folder;
    private final Path properties;
    private final List<Path> jars;
    private final List<Daemon> workers = new ArrayList<>();
    private Daemon masterDaemon;
    private int started;
    private final ClusterMaster master;

    /** Starts it in an empty folder; it works for classes of this test's class path. */
    StandaloneCluster(Path folder) throws IOException {
        this.folder = folder;
        properties = secretFile(folder.resolve("cluster.properties"), "a secret of this test's");
        jars = TestJars.ofThisTest(folder);
        try {
            masterDaemon = Daemon.start(
                    folder.resolve("master.log"),
                    "org.apache.spark.deploy.master.Master",
                    "--host",
                    "127.0.0.1",
                    "--port",
                    "0",
                    "--webui-port",
                    "0",
                    "--properties-file",
                    properties.toString());
            master = ClusterMaster.parse(masterDaemon.await(MASTER).group(1));
            startWorkers();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Two machines with a core each, so to speak. */
    void startWorkers() throws IOException {
        for (int i = 0; i < WORKERS; i++) startWorker();
    }

    /** All of them, as if the power failed. */
    void killWorkers() {
        for (Daemon worker : workers) worker.close();
        workers.clear();
    }

    private void startWorker() throws IOException {
        String name = "worker-" + ++started;
        Daemon worker = Daemon.start(
                folder.resolve(name + ".log"),
                "org.apache.spark.deploy.worker.Worker",
                "--host",
                "127.0.0.1",
                "--webui-port",
                "0",
                "--cores",
                "1",
                "--memory",
                "1g",
                "--work-dir",
                folder.resolve(name).toString(),
                "--properties-file",
                properties.toString(),
                master.toString());
        workers.add(worker);
        worker.await(REGISTERED);
    }

    ClusterMaster master() {
        return master;
    }

    /** Spark's settings, the secret among them. */
    Map<String, String> configuration() throws IOException {
        return SparkProperties.read(properties);
    }

    /** Jars for executors, as Spark is told of them. */
    String jars() {
        return jars.stream().map(Path::toString).collect(Collectors.joining(","));
    }

    /** Options of a command that is worked for here. */
    String[] options() {
        return new String[] {
            "--on",
            master.toString(),
            "--set",
            "spark-properties=" + properties,
            "--set",
            "spark=spark.jars=" + jars(),
            "--set",
            "worker-memory=512m",
            "--set",
            "worker-wait=60"
        };
    }

    /** The JVMs that work for a connection now. */
    List<ProcessHandle> executors() {
        return workers.stream()
                .flatMap(worker -> worker.process().descendants())
                .filter(process -> process.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend"))
                .toList();
    }

    /** Executors end by themselves when no connection has work for them any more. */
    void awaitNoExecutors() throws Exception {
        for (ProcessHandle executor : executors()) executor.onExit().get(5, TimeUnit.MINUTES);
    }

    /** The settings that open this cluster. */
    ClusterSettings settings() throws IOException {
        return settings(configuration(), OptionalInt.of(1), Duration.ofSeconds(60));
    }

    ClusterSettings settings(Map<String, String> configuration, OptionalInt cores, Duration patience) {
        // Short-lived JVMs on a machine that is busy with the test.
        List<String> javaOptions = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
        return new ClusterSettings(
                master,
                configuration,
                new ClusterSettings.Executors(cores, Optional.of("512m"), Optional.empty(), javaOptions, jars),
                patience,
                true);
    }

    /** A file of settings with a secret that only its owner can read. */
    static Path secretFile(Path file, String secret) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Map<String, String> settings = new TreeMap<>(Map.of(
                "spark.authenticate", "true",
                "spark.authenticate.secret", secret,
                "spark.network.crypto.enabled", "true"));
        StringBuilder lines = new StringBuilder();
        settings.forEach((key, value) -> lines.append(key + " " + value + "\n"));
        return Files.writeString(file, lines);
    }

    @Override
    public void close() {
        killWorkers();
        if (masterDaemon != null) masterDaemon.close();
    }
}
