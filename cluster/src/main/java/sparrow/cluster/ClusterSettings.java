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
 * @param configuration Spark's own settings, from {@code --conf} and a {@link SparkProperties file}
 * @param patience time that executors may take to come, and to come back after the last one was lost
 * @param authenticated true if a master on another machine must ask for a secret; without one, any program that reaches a
 *     port of Spark runs its code there
 */
public record ClusterSettings(
        ClusterMaster master,
        Map<String, String> configuration,
        Executors executors,
        Duration patience,
        boolean authenticated) {
    /** Copies the map. */
    public ClusterSettings {
        configuration = Map.copyOf(configuration);
        if (patience.isNegative() || patience.isZero()) {
            throw new IllegalArgumentException("wait: expected more than 0 s, got " + patience.toSeconds());
        }
    }

    /**
     * The JVMs that do the work.
     *
     * @param cores of each, all of them for the one task that it works on; if empty, as the configuration says, or 1
     * @param memory heap of each as Spark writes it ({@code 8g}); if empty, as the configuration says, or Spark's 1 GiB
     * @param javaHome a JDK on their machines; if empty, the one that the daemons of the cluster run on
     * @param javaOptions more options of their JVM, such as {@code -Dsparrow.vectorBits=256}
     * @param jars those of Sparrow that they need; Spark carries them there
     */
    public record Executors(
            OptionalInt cores,
            Optional<String> memory,
            Optional<String> javaHome,
            List<String> javaOptions,
            List<Path> jars) {
        /** Copies the lists. */
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

        /** One core, and everything else as the cluster has it. */
        public static Executors standard() {
            return new Executors(OptionalInt.empty(), Optional.empty(), Optional.empty(), List.of(), List.of());
        }
    }
}
