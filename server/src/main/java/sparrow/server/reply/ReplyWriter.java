package sparrow.server.reply;

import java.io.IOException;
import sparrow.models.family.ToolCall;
import sparrow.models.pool.PooledReply;
import sparrow.server.http.EventStream;
import sparrow.server.http.HttpFailure;

/**
 * Sends a reply to a client, either in pieces or when it is complete. Called by one thread, which may wait for the
 * client.
 */
public interface ReplyWriter {
    /** Called when the reply has been accepted. */
    default void begin() throws IOException {}

    /** Called when no event has occurred for a while. */
    default void waiting() throws IOException {}

    /** Called when a piece of text is complete. */
    default void text(String piece) throws IOException {}

    /** Called with final samples at the model's rate. */
    default void speech(float[] samples) throws IOException {}

    /** Called when the model has called one of the tools in the request. */
    default void call(ToolCall call) throws IOException {}

    /** Called when the reply is complete. */
    void end(PooledReply reply) throws IOException;

    /** Called when the reply has failed. */
    default void fail(HttpFailure failure) throws IOException {
        throw failure;
    }

    /** Sends a reply as events. */
    interface Streamed extends ReplyWriter {
        /** Returns the response's events. */
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
