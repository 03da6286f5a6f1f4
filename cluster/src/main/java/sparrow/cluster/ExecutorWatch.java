package sparrow.cluster;

import java.util.HashMap;
import java.util.Map;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;

/** Passes on which executors come and go. */
final class ExecutorWatch extends SparkListener {
    private final ClusterListener listener;
    private final Map<String, String> hosts = new HashMap<>();

    ExecutorWatch(ClusterListener listener) {
        this.listener = listener;
    }

    @Override
    public void onExecutorAdded(SparkListenerExecutorAdded added) {
        String host = added.executorInfo().executorHost();
        hosts.put(added.executorId(), host);
        listener.executorCame(host);
    }

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
        String host = hosts.remove(removed.executorId());
        // Those that came before anybody listened are not known by name.
        listener.executorLost(
                host == null ? "executor " + removed.executorId() : host, FailureReason.line(removed.reason()));
    }
}
