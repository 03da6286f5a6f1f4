package sparrow.study.judge;

import java.io.InterruptedIOException;
import sparrow.study.data.Item;

/** What says how good a reply is. May be asked by several threads at once. */
public interface Judge extends AutoCloseable {
    /** Its name in reports, with all that decides about its verdicts. */
    String name();

    /**
     * Judges one reply.
     *
     * @param reply what was said, as text; blank if nothing was
     * @throws InterruptedIOException if the thread is interrupted: that is no verdict
     */
    Verdict judge(Item item, String reply) throws InterruptedIOException;

    @Override
    default void close() {}
}
