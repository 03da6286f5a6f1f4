package sparrow.server.chat;

import java.io.IOException;
import sparrow.models.pool.PooledReply;
import sparrow.server.http.HttpFailure;

/** Sends a reply to a client as it comes, or when it is whole. Of one thread, which may wait for the client. */
interface ReplyWriter {
    /** The reply was accepted. */
    void begin() throws IOException;

    /** Nothing happened for a while. */
    void waiting() throws IOException;

    void text(String piece) throws IOException;

    void speech(float[] samples) throws IOException;

    void end(PooledReply reply) throws IOException;

    /** It broke off. */
    void fail(HttpFailure failure) throws IOException;
}
