package sparrow.server.http;

import java.io.IOException;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import sparrow.server.message.Ids;
import sparrow.server.message.MessageMemory;
import sparrow.server.message.RefusalLog;

/**
 * The first handler of every request. It assigns the request id, and rejects pages of other origins and clients without
 * the key.
 */
public final class AuthHandler extends Handler.Wrapper {
    private static final String REQUEST_ID = "sparrow.request-id";

    /** Body reader for rejected requests, whose bodies are discarded. */
    private static final BodyReader NO_BODIES = new BodyReader(MessageMemory.HEAP);

    /** A list of header names, separated by commas. */
    private static final Pattern HEADERS = Pattern.compile("[A-Za-z0-9, -]{1,2000}");

    private final Access access;
    private final Predicate<String> open;

    /**
     * Creates a handler.
     *
     * @param open a predicate that tests whether a path needs no key
     */
    public AuthHandler(Access access, Predicate<String> open, Handler next) {
        super(next);
        this.access = access;
        this.open = open;
    }

    static String requestId(Request request) {
        return (String) request.getAttribute(REQUEST_ID);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String id = Ids.UNGUESSABLE.next("req_");
        request.setAttribute(REQUEST_ID, id);
        response.getHeaders().put("x-request-id", id);
        response.getHeaders().put("x-content-type-options", "nosniff");
        HttpExchange exchange = new HttpExchange(request, response, "", NO_BODIES);
        try {
            if (answersPage(request, response)) {
                exchange.begin(204);
                callback.succeeded();
                return true;
            }
            if (!isOpen(request)) access.requireKey(request.getHeaders().get(HttpHeader.AUTHORIZATION));
        } catch (HttpFailure failure) {
            RefusalLog.SERVER.log(id, failure.line());
            refuse(exchange, failure, callback);
            return true;
        }
        return super.handle(request, response, callback);
    }

    private boolean isOpen(Request request) {
        String path = request.getHttpURI().getCanonicalPath();
        return path != null && open.test(path);
    }

    /**
     * Rejects pages that come neither from this server nor from an allowed origin.
     *
     * @return whether the request is complete because it was a browser's preflight request
     * @throws HttpFailure if the page is not allowed
     */
    private boolean answersPage(Request request, Response response) {
        HttpFields headers = request.getHeaders();
        String called = headers.get(HttpHeader.HOST);
        if (called != null && !access.isOwnName(called)) {
            throw HttpFailure.refused(
                    403,
                    "unknown_host",
                    "host: expected an address, localhost, the name that the server listens on, or one of --allow-origin");
        }
        // Several headers are compared as one value, which is no allowed origin.
        String origin = String.join(", ", headers.getValuesList(HttpHeader.ORIGIN));
        if (origin.isEmpty()) return false;
        if (access.isNamed(origin)) return answersNamed(request, response, origin);
        boolean harmless = isReading(request) && headers.get(HttpHeader.UPGRADE) == null;
        if (harmless || access.isOwnPage(origin, request.getHttpURI().getScheme(), called == null ? "" : called)) {
            return false;
        }
        throw HttpFailure.refused(
                403, "foreign_origin", "origin: expected a page of this server or one allowed by --allow-origin");
    }

    /** Returns whether a request only reads data. */
    private static boolean isReading(Request request) {
        String method = request.getMethod().toUpperCase(Locale.ROOT);
        return method.equals("GET") || method.equals("HEAD");
    }

    private static boolean answersNamed(Request request, Response response, String origin) {
        HttpFields.Mutable answer = response.getHeaders();
        answer.put("access-control-allow-origin", origin);
        answer.put("access-control-expose-headers", "x-request-id, retry-after, location");
        answer.add("vary", "origin");
        boolean asks =
                request.getMethod().equals("OPTIONS") && request.getHeaders().contains("access-control-request-method");
        if (!asks) return false;
        answer.put("access-control-allow-methods", "GET, POST");
        // Clients send additional headers, such as headers by which OpenAI's clients identify themselves.
        String wanted = request.getHeaders().get("access-control-request-headers");
        answer.put(
                "access-control-allow-headers",
                wanted != null && HEADERS.matcher(wanted).matches() ? wanted : "authorization, content-type");
        answer.put("access-control-max-age", "600");
        return true;
    }

    private static void refuse(HttpExchange exchange, HttpFailure failure, Callback callback) {
        try {
            exchange.sendFailure(failure);
            callback.succeeded();
        } catch (IOException e) {
            callback.failed(e);
        }
    }
}
