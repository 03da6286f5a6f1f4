package sparrow.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import sparrow.study.run.RunStoppedException;

/** The executors of this process, which are released by {@link #close}. A process can have one cluster at a time. */
public final class Cluster implements AutoCloseable {
    private static final int CONNECT_TIMEOUT_MS = 5_000;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(15);

    private final JavaSparkContext context;
    private final ClusterMaster master;
    private final Duration patience;

    private Cluster(JavaSparkContext context, ClusterMaster master, Duration patience) {
        this.context = context;
        this.master = master;
        this.patience = patience;
    }

    /**
     * Requests executors and returns when the first executor is available.
     *
     * @param events consumer of one line per lost executor, called on one of Spark's threads
     * @throws IllegalArgumentException if the settings are invalid, or Spark is missing or too old
     * @throws RunStoppedException if the thread is interrupted
     * @throws IOException if the master does not answer or rejects the connection, or if no executor is available in
     *     time
     */
    public static Cluster open(ClusterSettings settings, Consumer<String> events) throws IOException {
        SparkVersion.check();
        SparkLog.quiet();
        SparkConf conf = SparkSettings.of(settings);
        if (settings.master() instanceof ClusterMaster.Standalone standalone) checkReachable(standalone);
        long end = System.nanoTime() + settings.patience().toNanos();
        Cluster cluster = new Cluster(context(conf, settings), settings.master(), settings.patience());
        try {
            cluster.context.sc().addSparkListener(new ExecutorWatch(events));
            cluster.awaitExecutor(end);
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    /** Checks that the master accepts connections, because Spark needs a minute to report a failed connection. */
    private static void checkReachable(ClusterMaster.Standalone master) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(master.host(), master.port()), CONNECT_TIMEOUT_MS);
        } catch (IOException e) {
            throw new IOException(master + ": no answer (" + FailureReason.line(e.getMessage()) + ")", e);
        }
    }

    private static JavaSparkContext context(SparkConf conf, ClusterSettings settings) throws IOException {
        // Spark retries for a minute if the master does not answer. No setting shortens this time, so the context is
        // opened on a separate thread.
        CompletableFuture<JavaSparkContext> opening = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().daemon().name("cluster-opening").start(() -> open(conf, opening));
        try {
            return opening.get(settings.patience().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw notStarted(e.getCause());
        } catch (TimeoutException e) {
            giveUp(opening, thread);
            cleanUp(thread);
            throw new IOException(rejected(settings.master(), conf), e);
        } catch (InterruptedException e) {
            giveUp(opening, thread);
            throw new RunStoppedException();
        }
    }

    private static void open(SparkConf conf, CompletableFuture<JavaSparkContext> opening) {
        try {
            JavaSparkContext context = new JavaSparkContext(conf);
            // The caller has stopped waiting.
            if (!opening.complete(context)) context.close();
        } catch (Throwable e) {
            opening.completeExceptionally(e);
        }
    }

    private static void giveUp(CompletableFuture<JavaSparkContext> opening, Thread thread) {
        if (opening.cancel(false)) thread.interrupt();
        else if (!opening.isCompletedExceptionally()) opening.join().close();
    }

    /**
     * Cleans up after a context whose opening was interrupted. Spark does not clean up itself, and a minute later it
     * would stop the next context.
     */
    private static void cleanUp(Thread opening) {
        try {
            opening.join(STOP_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        SparkEnv left = SparkEnv.get();
        if (left == null) return;
        left.rpcEnv().shutdown();
        SparkEnv.set(null);
    }

    private static IOException notStarted(Throwable cause) {
        if (cause instanceof IllegalArgumentException) {
            throw new IllegalArgumentException(
                    "Spark's settings: " + FailureReason.line(String.valueOf(cause.getMessage())), cause);
        }
        return new IOException("Spark did not start: " + FailureReason.line(cause.toString()), cause);
    }

    /**
     * Returns the message for a master that accepts connections but does not answer. Spark rejects clients in this way.
     */
    private static String rejected(ClusterMaster master, SparkConf conf) {
        String expected = conf.getBoolean("spark.authenticate", false)
                ? "its " + SparkProperties.SECRET + ", and its version of Spark"
                : "its version of Spark, and a secret if it requires one (spark.authenticate)";
        return master + ": the master rejects this process: expected " + expected;
    }

    private void awaitExecutor(long end) throws IOException {
        try {
            while (executors() == 0) {
                if (hasEnded()) throw new IOException(rejected(master, context.getConf()));
                if (System.nanoTime() >= end) throw new IOException(noExecutor());
                TimeUnit.MILLISECONDS.sleep(50);
            }
        } catch (InterruptedException e) {
            throw new RunStoppedException();
        }
    }

    /** Returns the message for the case that no executor is available in time. */
    String noExecutor() {
        SparkConf conf = context.getConf();
        return master + ": no executor within " + patience.toSeconds() + " s; each needs "
                + conf.get("spark.executor.cores") + " free cores and "
                + conf.get("spark.executor.memory", "1g") + " of memory on one machine";
    }

    /** Returns the message for a connection that the cluster has closed. */
    String ended() {
        return master + ": the cluster has closed the connection";
    }

    /** Returns the current number of executors. Each executor runs one task at a time. */
    public int executors() {
        if (hasEnded()) return 0;
        int all = context.statusTracker().getExecutorInfos().length;
        // The list includes this process.
        return context.isLocal() ? all : Math.max(0, all - 1);
    }

    /** Returns the number of cores per executor. A task uses all cores of its executor. */
    public int coresPerExecutor() {
        return context.getConf().getInt("spark.executor.cores", 1);
    }

    /** Returns the maximum time without any executor. */
    Duration patience() {
        return patience;
    }

    /** Returns whether the cluster has closed the connection. */
    boolean hasEnded() {
        return context.sc().isStopped();
    }

    JavaSparkContext context() {
        return context;
    }

    /** Releases the executors. */
    @Override
    public void close() {
        context.close();
    }
}
