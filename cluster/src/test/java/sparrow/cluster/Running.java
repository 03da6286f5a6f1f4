package sparrow.cluster;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Tasks that a thread of its own waits for, so that the test can meet them meanwhile. */
final class Running {
    private static final long PATIENCE_S = 90;

    private final List<TaskOutcome> outcomes = new CopyOnWriteArrayList<>();
    private final FutureTask<List<TaskOutcome>> done;
    private final Thread thread;

    Running(Cluster cluster, List<String> tasks) {
        done = new FutureTask<>(() -> {
            new SparkJobs(cluster).each(new Obedient(), Tasks.of(tasks), outcomes::add);
            return outcomes;
        });
        thread = Thread.ofPlatform().daemon().start(done);
    }

    void interrupt() {
        thread.interrupt();
    }

    /** Waits for the end. */
    List<TaskOutcome> outcomes() throws Exception {
        try {
            return done.get(PATIENCE_S, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
