package sparrow.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import sparrow.models.SpokenModel;
import sparrow.study.run.WorkerPool;
import sparrow.study.worker.Ticket;
import sparrow.study.worker.WorkerPoolProvider;
import sparrow.study.worker.WorkerPoolRequest;

/** Provides the executors of an Apache Spark cluster as a worker pool. */
public final class SparkPoolProvider implements WorkerPoolProvider {
    /**
     * Minimum heap size, for a model without its weights and for Spark's reserved memory. Runs with a smaller heap have
     * failed.
     */
    private static final long MIN_HEAP = 450L << 20;

    /** Minimum vector width, because executors cannot be configured to use the reference kernels. */
    private static final int MIN_BITS = 128;

    @Override
    public void check(WorkerPoolRequest request) throws IOException {
        SparkVersion.check();
        // Creating Spark's configuration already logs, through the first SLF4J provider found.
        SparkLog.quiet();
        SparkSettings.of(settings(request, List.of()));
        long heap = Runtime.getRuntime().maxMemory();
        if (heap < MIN_HEAP) {
            throw new IllegalArgumentException("heap: expected " + (MIN_HEAP >> 20) + " MiB or more with --on, got "
                    + (heap >> 20) + " (SPARROW_JAVA_OPTS=-Xmx...)");
        }
    }

    @Override
    public WorkerPool open(WorkerPoolRequest request, SpokenModel model, Consumer<String> events) throws IOException {
        int vectorBits = Ticket.vectorBits(model);
        if (vectorBits < MIN_BITS) {
            throw new IllegalArgumentException("--on: expected vector kernels, got " + model.numerics());
        }
        ClusterSettings settings = settings(request, javaOptions(vectorBits));
        Cluster cluster = Cluster.open(settings, events);
        try {
            return new SparkPool(cluster, Ticket.of(request.model(), model, cluster.coresPerExecutor()));
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

    /**
     * Returns the jars to copy to executors, or an empty list if Spark runs in this process or the user passes jars by
     * spark-submit or spark.jars.
     */
    private static List<Path> jars(ClusterMaster master, Map<String, String> configuration) {
        boolean there = !(master instanceof ClusterMaster.Standalone) || configuration.containsKey("spark.jars");
        return there ? List.of() : SparrowJars.ofThisProcess().workers();
    }

    /**
     * Returns the JVM option that makes executors use this process's vector width. An executor that does not support
     * the width rejects the job.
     */
    private static List<String> javaOptions(int vectorBits) {
        return List.of("-Dsparrow.vectorBits=" + vectorBits);
    }
}
