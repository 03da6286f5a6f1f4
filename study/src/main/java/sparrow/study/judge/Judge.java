package sparrow.study.judge;

import java.io.InterruptedIOException;
import sparrow.study.data.Item;

/** Rates replies. Thread-safe. */
public interface Judge extends AutoCloseable {
    /**
     * Judges a reply to a question.
     *
     * @param reply text of the reply; blank if it contains no words
     * @throws InterruptedIOException if the thread is interrupted, which is not recorded as a verdict
     */
    Verdict judge(Item item, String reply) throws InterruptedIOException;

    @Override
    default void close() {}
}
