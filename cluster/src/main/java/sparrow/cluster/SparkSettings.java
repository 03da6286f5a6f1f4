package sparrow.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;

/**
 * Creates Spark's configuration for a small number of long tasks. Each executor runs one task at a time, and all
 * results are needed.
 */
final class SparkSettings {
    /** Required settings; other values are rejected. */
    private static final Map<String, String> FIXED = Map.of(
            // A slow batch is not stuck, and a second attempt would occupy an executor.
            "spark.speculation", "false",
            // Each new executor has to open the model.
            "spark.dynamicAllocation.enabled", "false",
            // Each attempt may start a JVM and open a model.
            "spark.task.maxFailures", "3",
            // Results are stored as they arrive; their total size has no limit.
            "spark.driver.maxResultSize", "0",
            // Tasks and results are byte arrays.
            "spark.serializer", "org.apache.spark.serializer.JavaSerializer");

    private static final Map<String, String> DEFAULTS = Map.of(
            "spark.app.name", "sparrow",
            "spark.ui.enabled", "false",
            // Failures are reported in one line; Spark's log would break the progress bar.
            "spark.log.level", "OFF");

    private static final String MASTER = "spark.master";
    private static final String CORES = "spark.executor.cores";
    private static final String JAVA_OPTIONS = "spark.executor.extraJavaOptions";

    private SparkSettings() {}

    /**
     * Creates the configuration of a context.
     *
     * @throws IllegalArgumentException if settings contradict each other, or a required secret is missing
     * @throws IOException if the master's host name cannot be resolved
     */
    static SparkConf of(ClusterSettings settings) throws IOException {
        boolean submitted = settings.master() instanceof ClusterMaster.Submitted;
        SparkConf conf = new SparkConf(submitted);
        settings.configuration().forEach(conf::set);
        master(settings.master(), conf);
        FIXED.forEach((key, value) -> fix(conf, key, value));
        DEFAULTS.forEach(conf::setIfMissing);
        executors(settings.executors(), conf);
        secure(settings, conf);
        return conf;
    }

    private static void master(ClusterMaster master, SparkConf conf) throws IOException {
        switch (master) {
            case ClusterMaster.Local() -> {
                // The second number is the maximum number of attempts.
                fix(conf, MASTER, "local[1,3]");
                stayOnThisMachine(conf);
            }
            case ClusterMaster.Standalone standalone -> {
                fix(conf, MASTER, standalone.toString());
                if (isLoopback(standalone)) stayOnThisMachine(conf);
            }
            case ClusterMaster.Submitted() -> {
                if (!conf.contains(MASTER)) {
                    throw new IllegalArgumentException(
                            "submit is for commands started by spark-submit: expected its setting spark.master, found none");
                }
            }
        }
    }

    /**
     * Binds this process to loopback. Otherwise it would accept connections from other machines on ports that might not
     * require a secret.
     */
    private static void stayOnThisMachine(SparkConf conf) {
        conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
        conf.setIfMissing("spark.driver.host", "127.0.0.1");
    }

    private static void executors(ClusterSettings.Executors executors, SparkConf conf) {
        String cores = String.valueOf(executors.cores().orElse(conf.getInt(CORES, 1)));
        boolean local =
                conf.get(MASTER).startsWith("local[") || conf.get(MASTER).equals("local");
        fix(conf, CORES, cores);
        // A task uses all cores of its executor, so that an executor never runs two tasks at a time. A local master
        // does not use the number of executor cores.
        fix(conf, "spark.task.cpus", local ? "1" : cores);
        executors.memory().ifPresent(memory -> fix(conf, "spark.executor.memory", memory));
        executors.javaHome().ifPresent(home -> fix(conf, "spark.executorEnv.JAVA_HOME", home));
        String javaOptions = Stream.concat(
                        Stream.of(conf.get(JAVA_OPTIONS, "")),
                        Stream.concat(
                                Stream.of("--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"),
                                executors.javaOptions().stream()))
                .filter(option -> !option.isBlank())
                .collect(Collectors.joining(" "));
        conf.set(JAVA_OPTIONS, javaOptions);
        List<String> jars = new ArrayList<>();
        if (conf.contains("spark.jars")) jars.add(conf.get("spark.jars"));
        for (Path jar : executors.jars()) jars.add(jar.toAbsolutePath().toString());
        if (!jars.isEmpty()) conf.set("spark.jars", String.join(",", jars));
    }

    private static void secure(ClusterSettings settings, SparkConf conf) throws IOException {
        boolean authenticated = conf.getBoolean("spark.authenticate", false);
        if (!(settings.master() instanceof ClusterMaster.Standalone master)) return;
        if (authenticated && conf.get(SparkProperties.SECRET, "").isBlank()) {
            throw new IllegalArgumentException("spark.authenticate is true, but there is no " + SparkProperties.SECRET
                    + ": expected it in the file of --set spark-properties");
        }
        if (!authenticated && settings.authenticated() && !isLoopback(master)) {
            throw new IllegalArgumentException(
                    master + " without a secret lets any program run code on your machines: expected"
                            + " spark.authenticate=true and " + SparkProperties.SECRET
                            + " in the file of --set spark-properties, or --set cluster-auth=false");
        }
    }

    private static boolean isLoopback(ClusterMaster.Standalone master) throws IOException {
        try {
            return InetAddress.getByName(master.host()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IOException(master + ": no such host", e);
        }
    }

    private static void fix(SparkConf conf, String key, String value) {
        String found = conf.get(key, value);
        if (!found.equals(value)) {
            throw new IllegalArgumentException(
                    "Spark's setting " + key + ": expected " + value + ", which is required, got " + found);
        }
        conf.set(key, value);
    }
}
