package sparrow.study.judge;

import java.io.InterruptedIOException;
import sparrow.study.data.Item;

/** Says how good a reply is. Several threads may ask at once. */
public interface Judge extends AutoCloseable {
    /**
     * Judges one reply.
     *
     * @param reply as text; blank if it has no words
     * @throws InterruptedIOException if the thread is interrupted: that is no verdict
     */
    Verdict judge(Item item, String reply) throws InterruptedIOException;

    @Override
    default void close() {}
}
