package sparrow.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Settings of the connection to a cluster.
 *
 * @param configuration Spark's settings, from {@code --conf} and a {@link SparkProperties file}
 * @param patience maximum time to wait for the first executor, and for another executor after the last executor is lost
 * @param authenticated whether a master on another machine must require a secret; without a secret, any program that
 *     can reach one of Spark's ports can run code there
 */
public record ClusterSettings(
        ClusterMaster master,
        Map<String, String> configuration,
        Executors executors,
        Duration patience,
        boolean authenticated) {
    /** Copies the map and checks the values. */
    public ClusterSettings {
        configuration = Map.copyOf(configuration);
        if (patience.isNegative() || patience.isZero()) {
            throw new IllegalArgumentException("wait: expected more than 0 s, got " + patience.toSeconds());
        }
    }

    /**
     * The JVMs that run the tasks.
     *
     * @param cores number of cores per executor, all used by its one task; if empty, the configured number, or 1
     * @param memory heap size per executor in Spark's notation ({@code 8g}); if empty, the configured size, or Spark's
     *     default of 1 GiB
     * @param javaHome path of a JDK on the executors' machines; if empty, the JDK of the cluster's daemons
     * @param javaOptions additional JVM options, such as {@code -Dsparrow.vectorBits=256}
     * @param jars Sparrow jars that Spark copies to the executors
     */
    public record Executors(
            OptionalInt cores,
            Optional<String> memory,
            Optional<String> javaHome,
            List<String> javaOptions,
            List<Path> jars) {
        /** Copies the lists and checks the values. */
        public Executors {
            javaOptions = List.copyOf(javaOptions);
            jars = List.copyOf(jars);
            if (cores.isPresent() && cores.getAsInt() < 1) {
                throw new IllegalArgumentException("worker cores: expected 1 or more, got " + cores.getAsInt());
            }
            if (memory.isPresent() && !memory.get().matches("[1-9][0-9]*[kmgtKMGT]")) {
                throw new IllegalArgumentException(
                        "worker memory: expected a size such as 8g or 900m, got \"" + memory.get() + "\"");
            }
        }

        /** Returns executors with one core and defaults for the other settings. */
        public static Executors defaults() {
            return new Executors(OptionalInt.empty(), Optional.empty(), Optional.empty(), List.of(), List.of());
        }
    }
}
