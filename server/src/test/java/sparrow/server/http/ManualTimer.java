package sparrow.server.http;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

/** Jetty's timer, whose time passes when a test says so. */
final class ManualTimer extends ScheduledExecutorScheduler {
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    @Override
    public Task schedule(Runnable task, long delay, TimeUnit unit) {
        tasks.add(task);
        return () -> tasks.remove(task);
    }

    int size() {
        return tasks.size();
    }

    void pass() {
        List<Runnable> due = List.copyOf(tasks);
        tasks.removeAll(due);
        due.forEach(Runnable::run);
    }
}
