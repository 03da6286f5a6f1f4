/**
 * HTTP for the rest of the server: a {@link sparrow.server.http.HttpExchange} is one request and its answer, with
 * blocking calls on a virtual thread; a {@link sparrow.server.http.Router} finds the
 * {@link sparrow.server.http.Endpoint}; {@link sparrow.server.http.AuthHandler} rejects foreign pages, and an
 * {@link sparrow.server.http.HttpFailure} is the answer to a request that failed. The package does not depend on the
 * model.
 */
package sparrow.server.http;
