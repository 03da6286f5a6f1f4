package sparrow.server.http;

import java.io.IOException;

/** Handles the requests of one route. Each request runs on its own virtual thread. */
@FunctionalInterface
public interface Endpoint {
    /**
     * Responds to a request.
     *
     * @throws HttpFailure if the request fails before any part of the response was sent; the failure is then sent as
     *     the response
     * @throws IOException if the client has disconnected
     */
    void answer(HttpExchange exchange) throws IOException;
}
