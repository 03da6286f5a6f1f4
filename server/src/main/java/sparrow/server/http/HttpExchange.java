package sparrow.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import sparrow.server.message.Json;

/** One request and its answer. Of one thread, which may wait in every method. */
public final class HttpExchange {
    private final Request request;
    private final Response response;
    private final String requestId;
    private final String rest;
    private final BodyReader bodies;
    private boolean isBodyRead;

    /** @param rest of the path, after what the route names */
    HttpExchange(Request request, Response response, String rest, BodyReader bodies) {
        this.bodies = bodies;
        this.request = request;
        this.response = response;
        this.requestId = AuthHandler.requestId(request);
        this.rest = rest;
    }

    /** The name of this request in answers and log. */
    public String requestId() {
        return requestId;
    }

    /** The part of the path after the route, decoded; empty if there is none. */
    public String rest() {
        return rest;
    }

    /**
     * Reads the body of a request that says it is JSON; the body itself is forgotten.
     *
     * @throws HttpFailure if it says something else, is too long, or is no object; or if too many long ones are being read
     * @throws IOException if the client is gone
     */
    public <T> T json(Function<ObjectNode, T> reader) throws IOException {
        requireType("application/json");
        return body(Json::object, reader);
    }

    /**
     * Reads the body of a request that says it is a form with a file; the body itself is forgotten.
     *
     * @param file the name of the file's field
     * @throws HttpFailure if it says something else, is too long, or is no such form; or if too many long ones are being read
     * @throws IOException if the client is gone
     */
    public <T> T form(String file, Function<Form, T> reader) throws IOException {
        requireType("multipart/form-data");
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        return body(bytes -> Form.read(type, bytes, file), reader);
    }

    /**
     * Reads the body.
     *
     * @throws HttpFailure if it is too long, or if too many long ones are being read
     * @throws IOException if the client is gone
     */
    public <T> T body(Function<byte[], T> reader) throws IOException {
        return body(Function.identity(), reader);
    }

    private <P, T> T body(Function<byte[], P> parser, Function<P, T> reader) throws IOException {
        isBodyRead = true;
        return bodies.read(Content.Source.asInputStream(request), request.getLength(), parser, reader);
    }

    /** The body's content type, without parameters; empty if it has none. */
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

    /** Answers with a record as JSON. */
    public void sendJson(int status, Object value) throws IOException {
        send(status, "application/json", Json.bytes(value));
    }

    /** Answers with bytes. */
    public void send(int status, String type, byte[] bytes) throws IOException {
        begin(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
        write(true, bytes);
    }

    /** Begins an answer. Nothing of the request stays on the connection, or the answer says that the connection ends. */
    void begin(int status) {
        response.setStatus(status);
        // A sender that waits to be invited sends no body after a refusal.
        boolean isInvited =
                isBodyRead || !request.getHeaders().contains(HttpHeader.EXPECT, HttpHeaderValue.CONTINUE.asString());
        if (isInvited && BodyReader.discard(request)) return;
        response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
    }

    /** Adds a header to the answer, before anything of it is sent. */
    public void header(String name, String value) {
        response.getHeaders().put(name, value);
    }

    /** An answer that begins with its first event. */
    public EventStream events() {
        return new EventStream(this);
    }

    /** Begins an answer that goes on as bytes of a type. */
    public void begin(String type) {
        begin(200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    }

    /**
     * Sends bytes of an answer that was begun, and waits until the client took them.
     *
     * @param last true for the end of the answer
     * @throws IOException if the client is gone, or took nothing for too long
     */
    public void write(boolean last, byte[] bytes) throws IOException {
        try (Blocker.Callback written = Blocker.callback()) {
            response.write(last, ByteBuffer.wrap(bytes), written);
            written.block();
        }
    }

    /** Says why there is no answer; nothing of one was sent yet. */
    void sendFailure(HttpFailure failure) throws IOException {
        failure.putRetry(response.getHeaders());
        if (failure.status() == 401) header("www-authenticate", "Bearer");
        sendJson(failure.status(), failure.body());
    }

    /** True if part of the answer was sent. */
    boolean isAnswered() {
        return response.isCommitted();
    }

    /**
     * Watches for the client's going away, which otherwise shows only when something is sent to it. The body must have been
     * read.
     *
     * @param gone is run once, on another thread, if it does
     */
    public ClientWatch watch(Runnable gone) {
        return new ClientWatch(request, gone);
    }
}
