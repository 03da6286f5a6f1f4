package sparrow.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import sparrow.server.message.HeapShare;
import sparrow.server.message.Json;
import sparrow.server.message.MessageMemory;

/** A request and its response. Used by one thread; every method may block. */
public final class HttpExchange {
    private final Request request;
    private final Response response;
    private final String requestId;
    private final String rest;
    private final BodyReader bodies;
    private boolean isBodyRead;

    /** @param rest the rest of the path after the route */
    HttpExchange(Request request, Response response, String rest, BodyReader bodies) {
        this.bodies = bodies;
        this.request = request;
        this.response = response;
        this.requestId = AuthHandler.requestId(request);
        this.rest = rest;
    }

    /** Returns the id of this request, which is used in responses and in the log. */
    public String requestId() {
        return requestId;
    }

    /** Returns the address of this request's connection. */
    public String clientAddress() {
        return Request.getRemoteAddr(request);
    }

    /** Returns the decoded rest of the path after the route, or an empty string if there is none. */
    public String rest() {
        return rest;
    }

    /**
     * Reads a request body with a JSON content type. The body itself is not retained.
     *
     * @throws HttpFailure if the content type is different, if the body is too long or not an object, or if too many
     *     long bodies are being read
     * @throws IOException if the client has disconnected
     */
    public <T> T json(Function<ObjectNode, T> reader) throws IOException {
        requireType("application/json");
        return body(Json::object, reader);
    }

    /**
     * Reads a request body that is a form with a file. The body itself is not retained.
     *
     * @param file the name of the field that contains the file
     * @throws HttpFailure if the content type is different, if the body is too long or not a form, or if too many long
     *     bodies are being read
     * @throws IOException if the client has disconnected
     */
    public <T> T form(String file, Function<Form, T> reader) throws IOException {
        requireType("multipart/form-data");
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        return body(bytes -> Form.read(type, bytes, file), reader);
    }

    /**
     * Reads the body.
     *
     * @throws HttpFailure if the body is too long, or if too many long bodies are being read
     * @throws IOException if the client has disconnected
     */
    public <T> T body(Function<byte[], T> reader) throws IOException {
        return body(Function.identity(), reader);
    }

    private <P, T> T body(Function<byte[], P> parser, Function<P, T> reader) throws IOException {
        isBodyRead = true;
        return bodies.read(request, request.getLength(), parser, reader);
    }

    /** Returns the client's key, or empty if the client sent no key. */
    public Optional<String> key() {
        return Access.key(request.getHeaders().get(HttpHeader.AUTHORIZATION));
    }

    /** Returns a query parameter, or empty if the query does not contain it. */
    public Optional<String> query(String name) {
        return Optional.ofNullable(Request.extractQueryParameters(request).getValue(name));
    }

    /** Returns the body's content type without parameters, or an empty string if there is no content type. */
    public String contentType() {
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    private void requireType(String expected) {
        String found = contentType();
        if (found.equals(expected)) return;
        throw HttpFailure.refused(
                415,
                "unsupported_media_type",
                "content-type: expected " + expected + ", found " + (found.isEmpty() ? "none" : found));
    }

    /** Sends a record as JSON. */
    public void sendJson(int status, Object value) throws IOException {
        send(status, "application/json", Json.bytes(value));
    }

    /** Sends bytes as the complete response. A response that is longer than its share of the heap is sent alone. */
    public void send(int status, String type, byte[] bytes) throws IOException {
        boolean isLong = bytes.length > MessageMemory.HEAP.shortBytes();
        long share = Math.min(bytes.length, HeapShare.ANSWERS.limit());
        if (isLong && !HeapShare.ANSWERS.take(share)) throw HttpFailure.busy("too many answers are being read");
        try {
            sendWhole(status, type, bytes);
        } finally {
            if (isLong) HeapShare.ANSWERS.add(-share);
        }
    }

    private void sendWhole(int status, String type, byte[] bytes) throws IOException {
        begin(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
        write(true, bytes);
    }

    /**
     * Begins a response. If the rest of the request cannot be discarded, the response announces that the connection
     * will be closed.
     */
    void begin(int status) {
        response.setStatus(status);
        // A client that sent "expect: 100-continue" does not send the body after a refusal.
        boolean isInvited =
                isBodyRead || !request.getHeaders().contains(HttpHeader.EXPECT, HttpHeaderValue.CONTINUE.asString());
        // The rest of a body that is too slow is not waited for again.
        boolean isSlow = status == HttpStatus.REQUEST_TIMEOUT_408;
        if (isInvited && !isSlow && BodyReader.discard(request)) return;
        response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
    }

    /** Sets a header of the response. Must be called before any part of the response is sent. */
    public void header(String name, String value) {
        response.getHeaders().put(name, value);
    }

    /** Returns an event stream, which begins the response when its first event is sent. */
    public EventStream events() {
        return new EventStream(this);
    }

    /**
     * Begins a response whose body is sent in pieces.
     *
     * @param type the content type
     */
    public void begin(String type) {
        begin(200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    }

    /**
     * Sends a piece of a response that has begun, and waits until the client has received it.
     *
     * @param last whether this is the end of the response
     * @throws IOException if the client has disconnected, or has not read for too long
     */
    public void write(boolean last, byte[] bytes) throws IOException {
        try (Blocker.Callback written = Blocker.callback()) {
            response.write(last, ByteBuffer.wrap(bytes), written);
            written.block();
        }
    }

    /** Sends an error as the response. Must be called before any part of the response is sent. */
    void sendFailure(HttpFailure failure) throws IOException {
        failure.putRetry(response.getHeaders());
        if (failure.status() == 401) header("www-authenticate", "Bearer");
        sendJson(failure.status(), failure.body());
    }

    /** Returns whether any part of the response has been sent. */
    boolean isAnswered() {
        return response.isCommitted();
    }

    /**
     * Watches for a disconnection of the client, which would otherwise be detected only when something is sent. The
     * body must have been read.
     *
     * @param gone an action that is run once, on another thread, if the client disconnects
     */
    public ClientWatch watch(Runnable gone) {
        return new ClientWatch(request, response, gone);
    }
}
