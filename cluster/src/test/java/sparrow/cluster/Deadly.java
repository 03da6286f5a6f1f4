package sparrow.cluster;

import java.io.IOException;
import sparrow.models.SpokenModel;
import sparrow.study.run.Job;
import sparrow.study.run.JobType;
import sparrow.study.run.Worker;
import sparrow.study.run.WorkerPool;

/** A job that ends the JVM in which it is done, if the task says so. */
public record Deadly() implements Job<String, String> {
    /** By which messages call it. */
    public static final class Type extends JobType {
        /** For the service loader. */
        public Type() {
            super("deadly", Deadly.class);
        }
    }

    @Override
    public Worker<String, String> open(SpokenModel model) {
        return new Worker<>() {
            @Override
            public void perform(String task, WorkerPool.Sink<String, String> sink) throws IOException {
                if (task.equals("poison")) Runtime.getRuntime().halt(7);
                sink.found(task, task + " by " + model.name());
                sink.finished(task);
            }
        };
    }
}
