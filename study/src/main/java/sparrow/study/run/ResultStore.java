package sparrow.study.run;

import java.io.IOException;

/**
 * Stores the results of an experiment, by question and case. Called by one thread at a time. Batches may end in any
 * order, and several batches may be in progress.
 *
 * @param <Q> a question
 * @param <R> the result of one reply
 */
public interface ResultStore<Q, R> {
    /** Returns whether the complete result is stored. */
    boolean holds(Q question, PolicyCase by) throws IOException;

    /** Stores a result atomically. */
    void keep(Q question, PolicyCase by, R result) throws IOException;

    /**
     * Called if a question could not be asked. The experiment continues unless this method throws an exception.
     *
     * @param reason one-line reason
     */
    default void failed(Q question, String reason) throws IOException {}

    /** Called if a batch is lost. Some of its results may have been stored. */
    default void lost(int batch, String reason) throws IOException {}

    /** Called after each result of a batch was stored or has failed. */
    default void finished(int batch) throws IOException {}

    /**
     * Returns whether there are enough results. If so, batches in progress are completed, but no other batch is
     * started.
     */
    default boolean enough() {
        return false;
    }
}
