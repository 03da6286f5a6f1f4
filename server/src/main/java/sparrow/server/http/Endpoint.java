package sparrow.server.http;

import java.io.IOException;

/** Handles the requests of one route, each on its own virtual thread. */
@FunctionalInterface
public interface Endpoint {
    /**
     * Answers a request.
     *
     * @throws HttpFailure if the request fails before anything was sent; it becomes the answer
     * @throws IOException if the client is gone
     */
    void answer(HttpExchange exchange) throws IOException;
}
