package sparrow.cluster;

import org.apache.spark.api.java.function.Function;

/**
 * What executors do with a task. It goes to them by Java serialisation, and is the only thing of ours that does:
 * implementations are named classes, never lambdas, and have fields of bytes, numbers and text only.
 */
public abstract class TaskFunction implements Function<byte[], byte[]> {
    private static final long serialVersionUID = 1;

    /** For implementations. */
    protected TaskFunction() {}

    /**
     * Works on a task, on an executor. Called by one thread at a time in each JVM. The thread is interrupted when nobody
     * wants the result any more.
     *
     * @throws Exception if the task failed; it is tried again, here or elsewhere, and lost after the third time
     */
    protected abstract TaskAnswer answer(byte[] task) throws Exception;

    /** For Spark. */
    @Override
    public final byte[] call(byte[] task) throws Exception {
        return answer(task).bytes();
    }
}
