package sparrow.server.http;

import java.io.IOException;

/** Answers calls of one route, each on a virtual thread of its own. */
@FunctionalInterface
public interface Endpoint {
    /**
     * Answers, or says why not.
     *
     * @throws HttpFailure the answer to the client, if nothing was answered yet
     * @throws IOException if the client is gone
     */
    void answer(HttpExchange exchange) throws IOException;
}
