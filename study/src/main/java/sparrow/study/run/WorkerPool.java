package sparrow.study.run;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Does the jobs of a run: in this process ({@link LocalPool}), or on many machines. */
public interface WorkerPool extends AutoCloseable {
    /**
     * Does a job with all tasks. They may end in any order.
     *
     * @param tasks are taken when a worker is free, by one thread at a time
     * @throws RunStoppedException if the thread was interrupted
     * @throws IOException if the job cannot be done, or the sink cannot take a result
     */
    <T, R> void run(Job<T, R> job, Tasks<T> tasks, Sink<T, R> sink) throws IOException;

    /** The tasks that were given up so far, in one line each: a run that lacks them is not complete. */
    default List<String> lost() {
        return List.of();
    }

    /** Bytes that the results of one task may have together. */
    default long maxResultBytes() {
        return Long.MAX_VALUE;
    }

    /** Ends the workers. */
    @Override
    default void close() {}

    /** Tasks, one after the other. */
    interface Tasks<T> {
        /** The next one; empty after the last. */
        Optional<T> next() throws IOException;

        /** These, which are there already. */
        static <T> Tasks<T> of(List<T> all) {
            Iterator<T> rest = all.iterator();
            return () -> rest.hasNext() ? Optional.of(rest.next()) : Optional.empty();
        }
    }

    /** Takes results; may be called by several threads. */
    interface Sink<T, R> {
        /** A part of a task begins: a few words. Only workers of this process call it. */
        default void begun(T task, String part) {}

        /** A result. */
        void found(T task, R result) throws IOException;

        /** All results of a task have come. */
        default void finished(T task) throws IOException {}

        /**
         * A task was given up: the process that did it died, again and again. Some of its results may have come.
         *
         * @param reason in one line
         */
        void lost(T task, String reason) throws IOException;
    }
}
