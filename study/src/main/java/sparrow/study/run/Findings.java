package sparrow.study.run;

import java.io.IOException;

/**
 * Where an experiment keeps what it finds, by question and case. Called by one thread at a time. Batches may end in any
 * order, and several be under way.
 *
 * @param <Q> a question
 * @param <F> what is found about one reply
 */
public interface Findings<Q, F> {
    /** Whether the finding is there, whole. */
    boolean holds(Q question, PolicyCase by) throws IOException;

    /** Keeps a finding, whole or not at all. */
    void keep(Q question, PolicyCase by, F found) throws IOException;

    /**
     * Hears of a question that could not be asked; the experiment goes on unless this throws.
     *
     * @param reason in one line
     */
    default void failed(Q question, String reason) throws IOException {}

    /** Hears that a batch was given up; some of its findings may have been kept. */
    default void lost(int batch, String reason) throws IOException {}

    /** Hears that all findings of a batch have come: each was kept, or has failed. */
    default void finished(int batch) throws IOException {}

    /** Whether there is enough: batches that were begun are brought to their end, no other is begun. */
    default boolean enough() {
        return false;
    }
}
