/**
 * HTTP as the rest of the server sees it: a {@link sparrow.server.http.HttpExchange} is one request and its answer, in blocking
 * calls on a virtual thread; a {@link sparrow.server.http.Router} finds the {@link sparrow.server.http.Endpoint};
 * {@link sparrow.server.http.AuthHandler} keeps foreign pages out and {@link sparrow.server.http.HttpFailure} is the answer
 * to a client in the case of an error. Knows nothing of the model.
 */
package sparrow.server.http;
