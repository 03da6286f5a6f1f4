package sparrow.study.run;

import java.io.IOException;

/**
 * Performs the tasks of a {@link Job} with an open model, one after another. Called by one thread.
 *
 * @param <T> a task
 * @param <R> a result
 */
public interface Worker<T, R> extends AutoCloseable {
    /**
     * Performs a task. The sink may receive the last results and the end of the task later and on another thread.
     *
     * @throws RunStoppedException if the thread is interrupted
     * @throws IOException if the task cannot be performed, or the sink cannot accept its results
     */
    void perform(T task, WorkerPool.Sink<T, R> sink) throws IOException;

    /** Waits until the sink has received all results. */
    default void finish() throws IOException {}

    /** Releases the resources of this worker. Results that the sink has not received are lost. */
    @Override
    default void close() {}
}
