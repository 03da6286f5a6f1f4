package sparrow.study.run;

import java.io.IOException;
import java.util.Optional;
import sparrow.models.SpokenModel;

/** A pool with one worker in this process, which uses the open model. */
public record LocalPool(SpokenModel model) implements WorkerPool {
    @Override
    public <T, R> void run(Job<T, R> job, Tasks<T> tasks, Sink<T, R> sink) throws IOException {
        try (Worker<T, R> worker = job.open(model)) {
            for (Optional<T> task = tasks.next(); task.isPresent(); task = tasks.next()) {
                worker.perform(task.get(), sink);
            }
            worker.finish();
        }
    }
}
