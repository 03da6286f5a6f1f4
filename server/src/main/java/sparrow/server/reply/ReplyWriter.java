package sparrow.server.reply;

import java.io.IOException;
import sparrow.models.family.ToolCall;
import sparrow.models.pool.PooledReply;
import sparrow.server.http.EventStream;
import sparrow.server.http.HttpFailure;

/** Sends a reply to a client as it comes, or when it is whole. Of one thread, which may wait for the client. */
public interface ReplyWriter {
    /** The reply was accepted. */
    default void begin() throws IOException {}

    /** Nothing happened for a while. */
    default void waiting() throws IOException {}

    /** Text was completed. */
    default void text(String piece) throws IOException {}

    /** Samples are final, at the model's rate. */
    default void speech(float[] samples) throws IOException {}

    /** The model called a tool; it calls none that the request did not offer. */
    default void call(ToolCall call) throws IOException {}

    /** It is whole. */
    void end(PooledReply reply) throws IOException;

    /** It broke off. */
    default void fail(HttpFailure failure) throws IOException {
        throw failure;
    }

    /** Sends it as events. */
    interface Streamed extends ReplyWriter {
        /** The events of the answer. */
        EventStream events();

        @Override
        default void waiting() throws IOException {
            events().comment("wait");
        }

        @Override
        default void fail(HttpFailure failure) throws IOException {
            events().fail(failure);
        }
    }
}
