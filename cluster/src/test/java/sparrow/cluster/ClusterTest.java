package sparrow.cluster;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Each obstacle on the way to a cluster is reported in one line. */
@EnabledIfSystemProperty(named = "sparrow.cluster", matches = "true", disabledReason = "takes half a minute; -Pcluster")
@ExtendWith(SharedCluster.class)
class ClusterTest {
    private static final Duration SHORT = Duration.ofSeconds(8);

    /** A busy machine starts Spark in less. */
    private static final Duration STARTED = Duration.ofSeconds(30);

    @Test
    void wrongSecretIsRefused(StandaloneCluster standalone, @TempDir Path folder) throws Exception {
        Map<String, String> wrong =
                SparkProperties.read(StandaloneCluster.secretFile(folder.resolve("wrong"), "another secret"));

        assertThatThrownBy(() -> Cluster.open(standalone.settings(wrong, OptionalInt.of(1), SHORT), _ -> {}))
                .isInstanceOf(IOException.class)
                .hasMessage(standalone.master()
                        + ": the master rejects this process: expected its"
                        + " spark.authenticate.secret, and its version of Spark");
    }

    @Test
    void noSecretIsRefused(StandaloneCluster standalone) {
        assertThatThrownBy(() -> Cluster.open(standalone.settings(Map.of(), OptionalInt.of(1), SHORT), _ -> {}))
                .isInstanceOf(IOException.class)
                .hasMessage(standalone.master()
                        + ": the master rejects this process: expected its version of Spark, and a secret"
                        + " if it requires one (spark.authenticate)");
    }

    @Test
    void executorsThatDoNotExistAreAwaitedNoLongerThanAsked(StandaloneCluster standalone) {
        assertThatThrownBy(() -> Cluster.open(
                        standalone.settings(standalone.configuration(), OptionalInt.of(64), STARTED), _ -> {}))
                .isInstanceOf(IOException.class)
                .hasMessage(standalone.master()
                        + ": no executor within 30 s; each needs 64 free cores and 512m of memory on one machine");
    }

    @Test
    void masterThatIsNotThereIsRefused() throws Exception {
        try (Socket taken = new Socket()) {
            // No other process can listen there, and this one does not.
            taken.bind(new InetSocketAddress("127.0.0.1", 0));
            int port = taken.getLocalPort();
            ClusterSettings settings = new ClusterSettings(
                    new ClusterMaster.Standalone("127.0.0.1", port),
                    new TreeMap<>(),
                    ClusterSettings.Executors.defaults(),
                    SHORT,
                    true);

            assertThatThrownBy(() -> Cluster.open(settings, _ -> {}))
                    .isInstanceOf(IOException.class)
                    .hasMessage("spark://127.0.0.1:" + port + ": no answer (Connection refused)");
        }
    }

    @Test
    void settingThatSparkCannotReadIsRefused() {
        ClusterSettings settings = new ClusterSettings(
                new ClusterMaster.Local(),
                Map.of("spark.network.timeout", "soon"),
                ClusterSettings.Executors.defaults(),
                SHORT,
                true);

        assertThatThrownBy(() -> Cluster.open(settings, _ -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Spark's settings: ");
    }
}
