package sparrow.study.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import sparrow.models.SpokenModel;
import sparrow.study.run.Job;
import sparrow.study.run.Messages;
import sparrow.study.run.RunStoppedException;
import sparrow.study.run.Worker;
import sparrow.study.run.WorkerPool;
import sparrow.study.worker.ElsewherePool;

/**
 * Stands for workers on other machines: nothing but bytes goes to them and comes from them. Results of a task come together,
 * and the tasks end in reverse.
 */
class BytesPool implements WorkerPool {
    private final SpokenModel model;
    private final Class<?> fatedJob;
    private final Fate fate;

    /** The jobs that were begun, in their order. */
    final List<Class<?>> begun = new ArrayList<>();

    final List<String> lost = new ArrayList<>();

    /** What becomes of tasks. */
    enum Fate {
        DONE,
        /** The processes that did them died. */
        LOST,
        /** All but the first: then a person stops the run. */
        STOPPED
    }

    BytesPool(SpokenModel model) {
        this(model, null, Fate.DONE);
    }

    /** @param fatedJob whose tasks have this fate; others are done */
    BytesPool(SpokenModel model, Class<?> fatedJob, Fate fate) {
        this.model = model;
        this.fatedJob = fatedJob;
        this.fate = fate;
    }

    @Override
    public <T, R> void run(Job<T, R> job, Tasks<T> tasks, Sink<T, R> sink) throws IOException {
        begun.add(job.getClass());
        Messages<T, R> messages = new Messages<>(job);
        Job<T, R> there = ElsewherePool.travelled(job);
        List<T> all = new ArrayList<>();
        for (Optional<T> task = tasks.next(); task.isPresent(); task = tasks.next()) all.add(task.get());
        for (T task : all.reversed()) {
            boolean fated = job.getClass().equals(fatedJob) && !task.equals(Sounds.NONE);
            if (fated && fate == Fate.LOST) {
                lost.add(job.getClass().getSimpleName() + " " + task);
                sink.lost(task, "its executor was lost");
                continue;
            }
            List<R> results = messages.results(perform(there, messages, messages.ofTask(task)));
            int kept = fated && fate == Fate.STOPPED ? 1 : results.size();
            for (R result : results.subList(0, kept)) sink.found(task, result);
            if (fated && fate == Fate.STOPPED) throw new RunStoppedException();
            sink.finished(task);
        }
    }

    private <T, R> byte[] perform(Job<T, R> job, Messages<T, R> messages, byte[] task) throws IOException {
        List<R> results = Collections.synchronizedList(new ArrayList<>());
        try (Worker<T, R> worker = job.open(model)) {
            worker.perform(messages.task(task), new Sink<>() {
                @Override
                public void found(T task, R result) {
                    results.add(result);
                }

                @Override
                public void finished(T task) {}

                @Override
                public void lost(T task, String reason) {
                    throw new IllegalStateException(reason);
                }
            });
            worker.finish();
        }
        return messages.ofResults(List.copyOf(results));
    }

    @Override
    public List<String> lost() {
        return lost;
    }
}
