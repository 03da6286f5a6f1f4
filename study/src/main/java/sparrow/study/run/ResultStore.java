package sparrow.study.run;

import java.io.IOException;

/**
 * Keeps the results of an experiment, by question and case. Called by one thread at a time. Batches may end in any order,
 * and several may be in progress.
 *
 * @param <Q> a question
 * @param <R> the result of one reply
 */
public interface ResultStore<Q, R> {
    /** True if the result is there, whole. */
    boolean holds(Q question, PolicyCase by) throws IOException;

    /** Keeps a result, whole or not at all. */
    void keep(Q question, PolicyCase by, R result) throws IOException;

    /**
     * A question could not be asked; the experiment goes on unless this throws.
     *
     * @param reason in one line
     */
    default void failed(Q question, String reason) throws IOException {}

    /** A batch was given up; some of its results may have been kept. */
    default void lost(int batch, String reason) throws IOException {}

    /** All results of a batch have come: each was kept, or has failed. */
    default void finished(int batch) throws IOException {}

    /** True if there are enough results: batches that were begun are brought to their end, no other is begun. */
    default boolean enough() {
        return false;
    }
}
