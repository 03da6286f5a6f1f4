package sparrow.study.run;

import java.io.IOException;

/**
 * Where an experiment keeps what it finds, by question and case. Called by one thread at a time.
 *
 * @param <Q> a question
 * @param <F> what is found about one reply
 */
public interface Findings<Q, F> {
    /** Whether the finding is there, whole. */
    boolean holds(Q question, PolicyCase by) throws IOException;

    /** Keeps a finding, whole or not at all. */
    void keep(Q question, PolicyCase by, F found) throws IOException;

    /** Hears of a question that could not be asked; the experiment goes on unless this throws. */
    default void failed(Q question, Exception reason) throws IOException {}

    /** Hears that all of a batch is kept. */
    default void finished() throws IOException {}

    /** Whether there is enough: a batch that was begun is brought to its end, no other is begun. */
    default boolean enough() {
        return false;
    }
}
