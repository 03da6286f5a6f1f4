package sparrow.cluster;

import java.io.IOException;
import org.apache.spark.api.java.function.Function;
import sparrow.study.run.Messages;
import sparrow.study.worker.RemoteWorker;
import sparrow.study.worker.UnfitWorkerException;

/**
 * Runs a task on an executor. Spark sends this object to the executor by Java serialisation. It is the only serialised
 * object in this project, and its only field is a message.
 */
final class ExecutorTask implements Function<byte[], byte[]> {
    private static final long serialVersionUID = 1;

    /** The worker of this JVM. It is never closed, because its memory is freed when the executor exits. */
    private static final RemoteWorker WORKER = new RemoteWorker();

    private final byte[] job;

    /**
     * An executor's answer.
     *
     * @param results message with the task's results, or null if the executor rejects the job
     * @param refusal one-line reason why the executor cannot run the job, or null; the task is not retried, because all
     *     other executors would reject the job as well
     */
    record Answer(byte[] results, String refusal) {}

    /**
     * Creates a task function.
     *
     * @param job message with a {@link sparrow.study.worker.RemoteJob}
     */
    ExecutorTask(byte[] job) {
        this.job = job;
    }

    /**
     * Runs a task. Each JVM calls this method on one thread at a time and interrupts the thread when the result is no
     * longer needed. A failed task is retried on any executor, and is lost after the third attempt.
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
