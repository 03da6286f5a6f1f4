package sparrow.server.realtime;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.Fields.Field;
import org.eclipse.jetty.websocket.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.server.WebSocketCreator;
import sparrow.server.http.HttpFailure;
import sparrow.server.message.Json;
import sparrow.server.message.RefusalLog;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.event.Problem;
import sparrow.server.reply.ModelName;

/**
 * Responds to a handshake at {@code /v1/realtime} with a session or an HTTP error.
 *
 * @param admits a predicate that tests whether a client may open a session with the given key, or without a key; client
 *     secrets are always accepted
 */
public record RealtimeUpgrade(RealtimeSessions sessions, Predicate<Optional<String>> admits)
        implements WebSocketCreator {
    private static final Duration WHILE_FULL = Duration.ofSeconds(1);
    private static final Duration WHILE_CLOSING = Duration.ofSeconds(5);
    private static final String RETRY_AFTER = "retry-after";

    private static final String PROTOCOL = "realtime";

    private static final String KEY_PROTOCOL = "openai-insecure-api-key.";
    private static final String SCHEME = "bearer ";

    @Override
    public Object createWebSocket(ServerUpgradeRequest request, ServerUpgradeResponse response, Callback callback) {
        Optional<String> key = key(request);
        Optional<ClientSecrets.Secret> secret = key.flatMap(sessions.secrets()::find);
        if (secret.isEmpty() && !admits.test(key)) {
            refuseKey(sessions, response, callback);
            return null;
        }
        Fields parameters = Request.extractQueryParameters(request);
        if (parameters.get("call_id") != null) {
            String why = "call_id: a call has no second connection; its data channel carries its events";
            refuse(sessions, response, callback, 400, "unsupported_parameter", why);
            return null;
        }
        Field model = parameters.get("model");
        Optional<String> caution;
        try {
            caution = Optional.ofNullable(model)
                    .flatMap(name -> ModelName.accept(name.getValue(), sessions.model(), "model"));
        } catch (RefusedException e) {
            refuse(sessions, response, callback, 404, e.code(), e.getMessage());
            return null;
        }
        if (refusesAll(sessions, response, callback)) return null;
        declineExtensions(response);
        // A subprotocol that the client did not offer must not be returned.
        if (request.hasSubProtocol(PROTOCOL)) response.setAcceptedSubProtocol(PROTOCOL);
        RealtimeSessions.Opening opening = sessions.opening(secret, caution, received(request));
        Field intent = parameters.get("intent");
        boolean isTranscription = intent != null && intent.getValue().equals("transcription");
        return new RealtimeEndpoint(sessions, isTranscription ? opening.ofTranscription() : opening);
    }

    /**
     * Returns the creator of another protocol's endpoints, to which only the server's key gives access.
     *
     * @param endpoint a function that creates an endpoint from a supplier of the number of bytes received so far
     */
    public static WebSocketCreator creator(
            RealtimeSessions sessions,
            Predicate<Optional<String>> admits,
            Function<LongSupplier, RealtimeEndpoint> endpoint) {
        return (request, response, callback) -> {
            if (!admits.test(key(request))) {
                refuseKey(sessions, response, callback);
                return null;
            }
            if (refusesAll(sessions, response, callback)) return null;
            declineExtensions(response);
            return endpoint.apply(received(request));
        };
    }

    /**
     * Declines all WebSocket extensions that a client offers. With {@code permessage-deflate}, a frame of 20 KB could
     * grow to 20 MB while it is read.
     */
    static void declineExtensions(ServerUpgradeResponse response) {
        response.setExtensions(List.of());
    }

    /** Rejects a handshake because of its key. */
    private static void refuseKey(RealtimeSessions sessions, ServerUpgradeResponse response, Callback callback) {
        response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
        refuse(sessions, response, callback, 401, "invalid_api_key", "expected the key of this server");
    }

    /** Rejects a handshake if no session can be opened. Returns whether it was rejected. */
    static boolean refusesAll(RealtimeSessions sessions, ServerUpgradeResponse response, Callback callback) {
        Optional<String> unavailable = sessions.isClosing() ? Optional.of("the server is closing") : sessions.failure();
        if (unavailable.isPresent()) {
            HttpFailure.putRetry(response.getHeaders(), HttpFailure.spread(WHILE_CLOSING));
            refuse(sessions, response, callback, 503, Problem.UNAVAILABLE, unavailable.get());
        } else if (sessions.free() == 0) {
            HttpFailure.putRetry(response.getHeaders(), HttpFailure.spread(WHILE_FULL));
            String full = "too many sessions are open; try again later";
            refuse(sessions, response, callback, 429, Problem.RATE_LIMIT, full);
        } else {
            return false;
        }
        return true;
    }

    /** Returns a function that counts the bytes received so far over a handshake's connection. */
    static LongSupplier received(ServerUpgradeRequest request) {
        // The upgrade replaces the connection, but not the endpoint below it.
        EndPoint below = request.getConnectionMetaData().getConnection().getEndPoint();
        return () -> below.getConnection().getBytesIn();
    }

    /**
     * Returns the client's key. It may be a subprotocol, because browsers cannot set headers in a WebSocket handshake.
     */
    private static Optional<String> key(ServerUpgradeRequest request) {
        String authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        if (authorization != null && authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            return Optional.of(authorization.substring(SCHEME.length()).strip());
        }
        return request.getSubProtocols().stream()
                .filter(protocol -> protocol.startsWith(KEY_PROTOCOL))
                .map(protocol -> protocol.substring(KEY_PROTOCOL.length()))
                .findFirst();
    }

    private static void refuse(
            RealtimeSessions sessions,
            ServerUpgradeResponse response,
            Callback callback,
            int status,
            String code,
            String message) {
        Problem problem = Problem.of(code, message);
        String requestId = response.getHeaders().get("x-request-id");
        RefusalLog.SERVER.log(
                requestId == null ? "handshake" : requestId, status + " " + RefusalLog.words(code, null, message));
        response.setStatus(status);
        if (!response.getHeaders().contains(RETRY_AFTER)) response.getHeaders().put("x-should-retry", "false");
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        Content.Sink.write(response, true, Json.text(Map.of("error", problem)), callback);
    }
}
