package sparrow.cluster;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import sparrow.models.OpenOptions;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.speech.vocode.FlowSettings;
import sparrow.study.run.WorkerPool;
import sparrow.study.worker.Ticket;
import sparrow.study.worker.WorkerModel;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.KvFormat;

/** Orders to {@link ObedientJob}, given by a thread of their own, so that a test can meet them meanwhile. */
final class Tasks implements WorkerPool.Sink<String, String> {
    private static final long PATIENCE_S = 300;

    private static Ticket ticket;

    /** Results. */
    final List<String> found = new CopyOnWriteArrayList<>();

    final List<String> finished = new CopyOnWriteArrayList<>();

    /** Reasons. */
    final List<String> lost = new CopyOnWriteArrayList<>();

    private final FutureTask<Tasks> done;
    private final Thread thread;

    private Tasks(Cluster cluster, List<String> tasks) {
        WorkerPool pool = new SparkPool(cluster, ticket());
        Iterator<String> rest = tasks.iterator();
        done = new FutureTask<>(() -> {
            pool.run(new ObedientJob(), () -> rest.hasNext() ? Optional.of(rest.next()) : Optional.empty(), this);
            return this;
        });
        thread = Thread.ofPlatform().daemon().start(done);
    }

    static Tasks begin(Cluster cluster, String... tasks) {
        return new Tasks(cluster, List.of(tasks));
    }

    /** Returns when all are done. */
    static Tasks run(Cluster cluster, String... tasks) throws Exception {
        return begin(cluster, tasks).await();
    }

    /** For processes of this build with the bundled model. */
    static synchronized Ticket ticket() {
        if (ticket != null) return ticket;
        try (ComputePool pool = new ComputePool(1);
                SpokenModel model = SpokenModels.bundled(OpenOptions.NONE, Kernels.create(pool))) {
            WorkerModel bundled = new WorkerModel(null, null, null, FlowSettings.PUBLISHED, KvFormat.F32);
            ticket = Ticket.of(bundled, model, 1);
            return ticket;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    void interrupt() {
        thread.interrupt();
    }

    /** Waits for the end. */
    Tasks await() throws Exception {
        try {
            return done.get(PATIENCE_S, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    @Override
    public void found(String task, String result) {
        found.add(result);
    }

    @Override
    public void finished(String task) {
        finished.add(task);
    }

    @Override
    public void lost(String task, String reason) {
        lost.add(reason);
    }
}
