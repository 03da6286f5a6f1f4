/**
 * HTTP for the rest of the server. A {@link sparrow.server.http.HttpExchange} is a request and its response, with
 * blocking calls on a virtual thread. A {@link sparrow.server.http.Router} finds the
 * {@link sparrow.server.http.Endpoint}, {@link sparrow.server.http.AuthHandler} rejects foreign pages, and an
 * {@link sparrow.server.http.HttpFailure} describes the response to a failed request. The package does not depend on
 * the model.
 */
package sparrow.server.http;
