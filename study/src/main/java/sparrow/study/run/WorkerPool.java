package sparrow.study.run;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Performs the jobs of a run: in this process ({@link LocalPool}), or on other machines. */
public interface WorkerPool extends AutoCloseable {
    /**
     * Performs a job for all tasks, which may end in any order.
     *
     * @param tasks tasks, requested by one thread at a time when a worker is available
     * @throws RunStoppedException if the thread is interrupted
     * @throws IOException if the job cannot be performed, or the sink cannot accept a result
     */
    <T, R> void run(Job<T, R> job, Tasks<T> tasks, Sink<T, R> sink) throws IOException;

    /** Returns one line per lost task. A run with lost tasks is incomplete. */
    default List<String> lost() {
        return List.of();
    }

    /** Returns the maximum total size of a task's results, in bytes. */
    default long maxResultBytes() {
        return Long.MAX_VALUE;
    }

    /** Stops the workers. */
    @Override
    default void close() {}

    /** A sequence of tasks. */
    interface Tasks<T> {
        /** Returns the next task, or empty after the last task. */
        Optional<T> next() throws IOException;

        /** Returns the given tasks in order. */
        static <T> Tasks<T> of(List<T> all) {
            Iterator<T> rest = all.iterator();
            return () -> rest.hasNext() ? Optional.of(rest.next()) : Optional.empty();
        }
    }

    /** Receives results. May be called by several threads. */
    interface Sink<T, R> {
        /** Called when a part of a task starts, with a brief description. Called only by workers of this process. */
        default void begun(T task, String part) {}

        /** Called for each result of a task. */
        void found(T task, R result) throws IOException;

        /** Called after all results of a task. */
        default void finished(T task) throws IOException {}

        /**
         * Called if a task is lost because its process crashed repeatedly. Some of its results may have been received.
         *
         * @param reason one-line reason
         */
        void lost(T task, String reason) throws IOException;
    }
}
