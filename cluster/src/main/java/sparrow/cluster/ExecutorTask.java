package sparrow.cluster;

import java.io.IOException;
import org.apache.spark.api.java.function.Function;
import sparrow.study.run.Messages;
import sparrow.study.worker.RemoteWorker;
import sparrow.study.worker.UnfitWorkerException;

/**
 * Does a task on an executor. Spark sends it there by Java serialization; no other object of ours goes through that, and
 * its one field is a message.
 */
final class ExecutorTask implements Function<byte[], byte[]> {
    private static final long serialVersionUID = 1;

    /** One a JVM. It stays open: executors are ended or killed, and memory goes with the process. */
    private static final RemoteWorker WORKER = new RemoteWorker();

    private final byte[] job;

    /**
     * The message of an executor.
     *
     * @param results message of the task's results; null where the executor refuses
     * @param refusal why the executor cannot do the job at all, in one line: all others would refuse, too, so the task is
     *     not tried again
     */
    record Answer(byte[] results, String refusal) {}

    /**
     * @param job message of a {@link sparrow.study.worker.RemoteJob}
     */
    ExecutorTask(byte[] job) {
        this.job = job;
    }

    /**
     * Called by one thread at a time in each JVM, which is interrupted when the result is of no use any more. A task whose
     * call fails is tried again, here or elsewhere, and lost after the third time.
     */
    @Override
    public byte[] call(byte[] task) throws IOException {
        return Messages.of(answer(task));
    }

    private Answer answer(byte[] task) throws IOException {
        try {
            return new Answer(WORKER.perform(job, task), null);
        } catch (UnfitWorkerException e) {
            return new Answer(null, e.getMessage());
        }
    }
}
