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
 * Spark's configuration for our kind of work: few long tasks, one at a time on each executor, whose results are all
 * wanted.
 */
final class SparkSettings {
    /** Settings that the work relies on; a configuration with others is refused. */
    private static final Map<String, String> FIXED = Map.of(
            // A batch that is slow is not stuck, and a second attempt would take an executor from others.
            "spark.speculation", "false",
            // Each executor that comes and goes opens the model anew.
            "spark.dynamicAllocation.enabled", "false",
            // Each time may cost a JVM and the opening of a model.
            "spark.task.maxFailures", "3",
            // Results are kept as they come; their sum over a run has no bound.
            "spark.driver.maxResultSize", "0",
            // Tasks and results are arrays of bytes.
            "spark.serializer", "org.apache.spark.serializer.JavaSerializer");

    private static final Map<String, String> DEFAULTS = Map.of(
            "spark.app.name", "sparrow",
            "spark.ui.enabled", "false",
            // We report failures in one line; Spark's own lines would tear the progress bar.
            "spark.log.level", "OFF");

    private static final String MASTER = "spark.master";
    private static final String CORES = "spark.executor.cores";
    private static final String JAVA_OPTIONS = "spark.executor.extraJavaOptions";

    private SparkSettings() {}

    /**
     * The configuration of a context.
     *
     * @throws IllegalArgumentException if settings contradict each other, or a secret is missing
     * @throws IOException if the master's host has no address
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
                // The second number is that of attempts.
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
                            "submit is for commands that spark-submit starts: expected its setting spark.master, found none");
                }
            }
        }
    }

    /** Else this process would listen to other machines on ports that may need no secret. */
    private static void stayOnThisMachine(SparkConf conf) {
        conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
        conf.setIfMissing("spark.driver.host", "127.0.0.1");
    }

    private static void executors(ClusterSettings.Executors executors, SparkConf conf) {
        String cores = String.valueOf(executors.cores().orElse(conf.getInt(CORES, 1)));
        boolean local =
                conf.get(MASTER).startsWith("local[") || conf.get(MASTER).equals("local");
        fix(conf, CORES, cores);
        // All of its cores, so that tasks do not share one model's memory; a local one has no executor that has cores.
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
                    "Spark's setting " + key + ": expected " + value + ", which the work relies on, got " + found);
        }
        conf.set(key, value);
    }
}
