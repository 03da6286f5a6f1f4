package sparrow.cluster;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;

/** Reports each lost executor in one line. Spark assigns its task to another executor. */
final class ExecutorWatch extends SparkListener {
    private final Consumer<String> events;
    private final Map<String, String> hosts = new HashMap<>();

    ExecutorWatch(Consumer<String> events) {
        this.events = events;
    }

    @Override
    public void onExecutorAdded(SparkListenerExecutorAdded added) {
        hosts.put(added.executorId(), added.executorInfo().executorHost());
    }

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
        // The hosts of executors that were added before this listener are unknown.
        String host = hosts.getOrDefault(removed.executorId(), "executor " + removed.executorId());
        hosts.remove(removed.executorId());
        events.accept("worker " + host + " is lost (" + FailureReason.line(removed.reason()) + ")");
    }
}
