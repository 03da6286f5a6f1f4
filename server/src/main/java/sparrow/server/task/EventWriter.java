package sparrow.server.task;

import java.io.IOException;
import sparrow.server.chat.ReplyWriter;
import sparrow.server.http.EventStream;
import sparrow.server.http.HttpFailure;

/** Sends a reply as events while it is being made. */
interface EventWriter extends ReplyWriter {
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
