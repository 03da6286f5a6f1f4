package sparrow.study.run;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Who does the work of a run: this machine ({@link LocalWorkers}), or many. */
public interface Workers extends AutoCloseable {
    /**
     * Does all tasks. They may end in any order.
     *
     * @param tasks are taken when there is somebody to work on them, by one thread at a time
     * @throws RunStoppedException if the thread was interrupted
     * @throws IOException if the work cannot be done, or a result not be taken
     */
    <T, R> void each(Work<T, R> work, Tasks<T> tasks, Sink<T, R> sink) throws IOException;

    /** What was given up so far, in one line each: a run that lacks it has not done all that it was asked for. */
    default List<String> lost() {
        return List.of();
    }

    /** Bytes that the results of one task may have together. */
    default long mostResultBytes() {
        return Long.MAX_VALUE;
    }

    /** Lets workers elsewhere go. */
    @Override
    default void close() {}

    /** Tasks, one after the other. */
    interface Tasks<T> {
        /** The next one; empty after the last. */
        Optional<T> next() throws IOException;
    }

    /** Takes what workers find; may be called by several threads. */
    interface Sink<T, R> {
        /** Something of a task is being done: a few words. Not told by workers elsewhere. */
        default void begun(T task, String what) {}

        /** A result. */
        void found(T task, R result) throws IOException;

        /** All results of a task have come. */
        void finished(T task) throws IOException;

        /**
         * A task was given up: whoever did it died, again and again. Some of its results may have come.
         *
         * @param reason in one line
         */
        void lost(T task, String reason) throws IOException;
    }
}
