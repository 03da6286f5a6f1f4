package sparrow.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import sparrow.models.NumericsFingerprint;
import sparrow.models.SpokenModel;
import sparrow.study.run.WorkerPool;
import sparrow.study.worker.Ticket;
import sparrow.study.worker.WorkerPoolProvider;
import sparrow.study.worker.WorkerPoolRequest;

/** Finds the executors of an Apache Spark cluster. */
public final class SparkPoolProvider implements WorkerPoolProvider {
    /** A model's heap beside its weights, and what Spark keeps for itself; less was seen to fail. */
    private static final long LEAST_HEAP = 450L << 20;

    /** There is no setting that gives executors the reference kernels. */
    private static final int LEAST_BITS = 128;

    @Override
    public void check(WorkerPoolRequest request) throws IOException {
        SparkVersion.check();
        // Spark's configuration logs already, by the provider that it finds first.
        SparkLog.quiet();
        SparkSettings.of(settings(request, List.of()));
        long heap = Runtime.getRuntime().maxMemory();
        if (heap < LEAST_HEAP) {
            throw new IllegalArgumentException("heap: expected " + (LEAST_HEAP >> 20) + " MiB or more with --on, got "
                    + (heap >> 20) + " (SPARROW_JAVA_OPTS=-Xmx...)");
        }
    }

    @Override
    public WorkerPool open(WorkerPoolRequest request, SpokenModel model, Consumer<String> events) throws IOException {
        if (NumericsFingerprint.of(model).vectorBits() < LEAST_BITS) {
            throw new IllegalArgumentException("--on: expected vector kernels, got "
                    + NumericsFingerprint.of(model).kernels());
        }
        ClusterSettings settings = settings(request, javaOptions(model));
        Cluster cluster = Cluster.open(settings, events);
        try {
            return new SparkPool(cluster, Ticket.of(request.model(), model, cluster.coresEach()));
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private static ClusterSettings settings(WorkerPoolRequest request, List<String> javaOptions) throws IOException {
        Map<String, String> configuration = new LinkedHashMap<>();
        if (request.properties().isPresent()) {
            configuration.putAll(SparkProperties.read(request.properties().get()));
        }
        for (String pair : request.configuration()) {
            Map.Entry<String, String> setting = SparkProperties.parse(pair);
            configuration.put(setting.getKey(), setting.getValue());
        }
        ClusterMaster master = ClusterMaster.parse(request.on());
        return new ClusterSettings(
                master,
                configuration,
                new ClusterSettings.Executors(
                        request.cores(),
                        request.memory(),
                        request.javaHome(),
                        javaOptions,
                        jars(master, configuration)),
                request.patience(),
                request.authenticated());
    }

    /** Spark in this process has our classes already; a user of spark-submit or spark.jars names ours among them. */
    private static List<Path> jars(ClusterMaster master, Map<String, String> configuration) {
        boolean there = !(master instanceof ClusterMaster.Standalone) || configuration.containsKey("spark.jars");
        return there ? List.of() : SparrowJars.ofThisProcess().workers();
    }

    /** Executors compute with vectors as wide as ours; one without such vectors refuses. */
    private static List<String> javaOptions(SpokenModel model) {
        return List.of("-Dsparrow.vectorBits=" + NumericsFingerprint.of(model).vectorBits());
    }
}
