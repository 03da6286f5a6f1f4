package sparrow.server.http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.pathmap.MatchedResource;
import org.eclipse.jetty.http.pathmap.PathMappings;
import org.eclipse.jetty.http.pathmap.PathSpec;
import org.eclipse.jetty.http.pathmap.PathSpecGroup;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.URIUtil;
import sparrow.server.message.Json;
import sparrow.server.message.MessageMemory;
import sparrow.server.message.RefusalLog;
import sparrow.server.message.RefusedException;

/** Finds the endpoint for a request. A route that ends with {@code /*} matches all paths below it. */
public final class Router extends Handler.Abstract {
    /** The path at the end of the base address that OpenAI's clients use. */
    private static final String BASE = "/v1";

    private final PathMappings<Map<String, Endpoint>> paths = new PathMappings<>();
    private final BodyReader bodies = new BodyReader(MessageMemory.HEAP);

    /** Adds a route. */
    public Router on(String method, String path, Endpoint endpoint) {
        PathSpec spec = PathSpec.from(path);
        if (paths.get(spec) == null) paths.put(spec, new LinkedHashMap<>());
        paths.get(spec).put(method, endpoint);
        return this;
    }

    /** Sets the endpoint for all other paths. */
    public Router otherwise(Endpoint endpoint) {
        return on("GET", "/", endpoint);
    }

    /** Returns all routes, such as {@code GET /healthz}, except the endpoint for all other paths. */
    public List<String> routes() {
        return paths.streamResources()
                .filter(route -> route.getPathSpec().getGroup() != PathSpecGroup.DEFAULT)
                .flatMap(route -> route.getResource().keySet().stream()
                        .map(method -> method + " " + route.getPathSpec().getDeclaration()))
                .sorted()
                .toList();
    }

    /** The endpoints of a path by method, and the rest of the path after the route. */
    private record Found(Map<String, Endpoint> methods, String rest) {}

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        String path = request.getHttpURI().getCanonicalPath();
        Found found = find(request.getMethod(), path == null ? "" : path);
        HttpExchange exchange = new HttpExchange(request, response, found.rest(), bodies);
        // Computing a response may take longer than the maximum idle time of a connection.
        request.addIdleTimeoutListener(_ -> false);
        try {
            answer(exchange, request.getMethod(), found);
            callback.succeeded();
        } catch (IOException e) {
            broken(exchange, e, callback);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            fail(exchange, e, callback);
        }
        return true;
    }

    private Found find(String method, String path) {
        MatchedResource<Map<String, Endpoint>> route = paths.getMatched(path);
        boolean isLast = isLast(route);
        if (route == null || (isLast && !(isReading(method) && StaticPage.couldServe(path)))) {
            return new Found(Map.of(), path);
        }
        String below = isLast ? path : route.getPathInfo();
        return new Found(route.getResource(), below == null ? "" : URIUtil.decodePath(below.substring(1)));
    }

    private static boolean isLast(MatchedResource<?> route) {
        return route != null && route.getPathSpec().getGroup() == PathSpecGroup.DEFAULT;
    }

    private HttpFailure notFound(String path) {
        MatchedResource<?> based = paths.getMatched(BASE + path);
        String hint = based != null && !isLast(based)
                ? "expected " + BASE + path + "; base addresses of clients end with " + BASE
                : "there are "
                        + routes().stream()
                                .filter(route -> route.contains(" " + BASE + "/"))
                                .collect(Collectors.joining(", "));
        return HttpFailure.refused(404, "not_found", "address: nothing found at " + Json.brief(path) + "; " + hint);
    }

    private static boolean isReading(String method) {
        return method.equals("GET") || method.equals("HEAD");
    }

    private void answer(HttpExchange exchange, String method, Found found) throws IOException {
        Map<String, Endpoint> methods = found.methods();
        if (methods.isEmpty()) throw notFound(found.rest());
        Endpoint endpoint = methods.get(isReading(method) ? "GET" : method);
        if (endpoint != null) {
            endpoint.answer(exchange);
            return;
        }
        List<String> allowed = new ArrayList<>(methods.keySet());
        exchange.header("allow", String.join(", ", allowed));
        throw HttpFailure.refused(
                405,
                "method_not_allowed",
                "method: expected " + String.join(" or ", allowed) + ", got " + shown(method));
    }

    /** Returns a shortened method name, because a client may send any text as the method. */
    private static String shown(String method) {
        return method.length() > 20 ? method.substring(0, 20) + "..." : method;
    }

    private void fail(HttpExchange exchange, Throwable failure, Callback callback) {
        if (exchange.isAnswered()) {
            RefusalLog.defect(exchange.requestId() + ": failed after the response had begun", failure);
            callback.failed(failure);
            return;
        }
        try {
            HttpFailure answer = answerTo(exchange, failure);
            if (!answer.isServerError()) RefusalLog.SERVER.log(exchange.requestId(), answer.line());
            exchange.sendFailure(answer);
            callback.succeeded();
        } catch (IOException | RuntimeException e) {
            callback.failed(e);
        }
    }

    /** Ends a request whose client disconnected or sent its body too slowly. Only a slow client receives a response. */
    private void broken(HttpExchange exchange, IOException failure, Callback callback) {
        if (exchange.isAnswered() || !(failure.getCause() instanceof TimeoutException)) {
            callback.failed(failure);
            return;
        }
        fail(exchange, HttpFailure.timedOut(), callback);
    }

    /** Converts an exception into the failure that the client receives. */
    private static HttpFailure answerTo(HttpExchange exchange, Throwable failure) {
        return switch (failure) {
            case HttpFailure known -> known;
            case RefusedException refused -> HttpFailure.refused(refused);
            case HttpException broken ->
                HttpFailure.refused(
                        broken.getCode(), "bad_request", "request: " + HttpStatus.getMessage(broken.getCode()));
            default -> {
                RefusalLog.defect(exchange.requestId() + ": failed", failure);
                yield HttpFailure.fault(exchange.requestId());
            }
        };
    }
}
