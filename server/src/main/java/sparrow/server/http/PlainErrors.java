package sparrow.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import sparrow.server.message.Ids;
import sparrow.server.message.Json;
import sparrow.server.message.RefusalLog;

/** Writes Jetty's own errors, which occur for requests without a route, in the same form as all other errors. */
public class PlainErrors extends ErrorHandler {
    @Override
    protected void generateResponse(
            Request request, Response response, int code, String message, Throwable cause, Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        // The rest of a request with an error is not read.
        response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
        response.getHeaders()
                .computeField(
                        "x-request-id",
                        (name, there) -> there == null || there.isEmpty()
                                ? new HttpField(name, Ids.UNGUESSABLE.next("req_"))
                                : there.getFirst());
        HttpFailure refusal = failure(code);
        refusal.putRetry(response.getHeaders());
        // Port scanners send malformed requests, and probes keep sending requests to a closing server.
        boolean isProbe = code == HttpStatus.BAD_REQUEST_400 || code == HttpStatus.SERVICE_UNAVAILABLE_503;
        // If a connection ends during the headers, Jetty calls this method with 500, although nobody receives the
        // response.
        boolean isGone = cause instanceof IOException || cause instanceof TimeoutException;
        if (!isProbe && !isGone) RefusalLog.SERVER.log(response.getHeaders().get("x-request-id"), refusal.line());
        response.write(true, ByteBuffer.wrap(Json.bytes(refusal.body())), callback);
    }

    static HttpFailure failure(int status) {
        return switch (status) {
            // Jetty returns this status only for requests to a server that is closing.
            case HttpStatus.SERVICE_UNAVAILABLE_503 -> HttpFailure.closing();
            case HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431 ->
                HttpFailure.of(status, "headers: expected at most " + HttpPort.HEADER_BYTES + " bytes");
            default -> HttpFailure.of(status, "request: " + HttpStatus.getMessage(status));
        };
    }
}
