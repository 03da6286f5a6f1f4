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
    private static final String FATED = "ScoringJob";

    private final SpokenModel model;
    private final Fate fate;

    /** The names of the jobs that were begun, in their order. */
    final List<String> begun = new ArrayList<>();

    final List<String> lost = new ArrayList<>();

    /** The fate of tasks of the scoring job, once it was tried out. */
    enum Fate {
        DONE,
        /** The processes that did them died. */
        LOST,
        /** All but the first: then a person stops the run. */
        STOPPED
    }

    BytesPool(SpokenModel model) {
        this(model, Fate.DONE);
    }

    BytesPool(SpokenModel model, Fate fate) {
        this.model = model;
        this.fate = fate;
    }

    @Override
    public <T, R> void run(Job<T, R> job, Tasks<T> tasks, Sink<T, R> sink) throws IOException {
        String name = job.getClass().getSimpleName();
        boolean fated = name.equals(FATED) && begun.contains(FATED);
        begun.add(name);
        Messages<T, R> messages = new Messages<>(job);
        Job<T, R> there = ElsewherePool.travelled(job);
        List<T> all = new ArrayList<>();
        for (Optional<T> task = tasks.next(); task.isPresent(); task = tasks.next()) all.add(task.get());
        for (T task : all.reversed()) {
            if (fated && fate == Fate.LOST) {
                lost.add(task.toString());
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
