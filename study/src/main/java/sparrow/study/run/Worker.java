package sparrow.study.run;

import java.io.IOException;

/**
 * Does the tasks of one {@link Job} with one open model, one after the other, called by one thread.
 *
 * @param <T> a task
 * @param <R> a result
 */
public interface Worker<T, R> extends AutoCloseable {
    /**
     * Does a task. The sink may get the last results, and the end of the task, later and on another thread.
     *
     * @throws RunStoppedException if the thread was interrupted
     * @throws IOException if the task cannot be done, or the sink cannot take its results
     */
    void perform(T task, WorkerPool.Sink<T, R> sink) throws IOException;

    /** Waits until the sink has all results. */
    default void finish() throws IOException {}

    /** Releases the resources of this worker. Results that the sink does not have yet are lost. */
    @Override
    default void close() {}
}
