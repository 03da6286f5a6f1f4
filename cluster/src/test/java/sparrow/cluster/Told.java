package sparrow.cluster;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what it is told. */
final class Told implements ClusterListener {
    final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public void executorCame(String host) {
        lines.add("came: " + host);
    }

    @Override
    public void executorLost(String host, String reason) {
        lines.add("lost: " + host + ": " + reason);
    }
}
