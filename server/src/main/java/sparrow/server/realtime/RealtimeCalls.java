package sparrow.server.realtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import sparrow.server.call.CallPort;
import sparrow.server.http.Form;
import sparrow.server.http.HttpExchange;
import sparrow.server.http.HttpFailure;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.event.SessionFields;
import sparrow.server.reply.ModelName;

/**
 * The calls of a server: sessions over WebRTC. Closing this object ends the calls and closes their port. Thread-safe.
 */
public final class RealtimeCalls implements AutoCloseable {
    private static final String SDP = "application/sdp";
    private static final String HANG_UP = "/hangup";
    private static final int MAX_OFFER_BYTES = 64 << 10;

    private final RealtimeSessions sessions;
    private final Predicate<Optional<String>> admits;
    private final Optional<CallPort> port;
    private final Map<String, CallConnection> calls = new ConcurrentHashMap<>();

    /**
     * Creates an empty set of calls.
     *
     * @param admits a predicate that tests whether a client may call with the given key, or without a key; client
     *     secrets are always accepted
     * @param port the port of the calls, or empty if calls are refused
     */
    public RealtimeCalls(RealtimeSessions sessions, Predicate<Optional<String>> admits, Optional<CallPort> port) {
        this.sessions = sessions;
        this.admits = admits;
        this.port = port;
    }

    /** Returns the UDP port of the calls, or empty if calls are refused. */
    public OptionalInt port() {
        return port.map(one -> OptionalInt.of(one.port())).orElseGet(OptionalInt::empty);
    }

    private record Request(String offer, Optional<SessionFields> session) {}

    /** Handles {@code POST /v1/realtime/calls}: answers an offer. */
    public void create(HttpExchange exchange) throws IOException {
        Optional<ClientSecrets.Secret> secret = requireKey(exchange);
        Optional<String> caution =
                exchange.query("model").flatMap(name -> ModelName.accept(name, sessions.model(), "model"));
        requirePort();
        Request request = read(exchange);
        requireRoom(); // before the secret's session id is used
        CallConnection connection = sessions.callConnection(exchange.clientAddress());
        RealtimeSessions.Opening opening = sessions.opening(secret, caution, connection::received);
        if (request.session().isPresent()) {
            opening = opening.with(
                    sessions.checked(opening.config().merge(request.session().get(), sessions.model())));
        }
        new RealtimeCall(sessions, opening, connection);
        String answer = answer(request.offer(), connection);
        exchange.header("location", "/v1/realtime/calls/" + connection.id());
        exchange.send(201, SDP, answer.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Answers an offer.
     *
     * @param connection the connection of the call, with its endpoint
     * @return the session description of the answer
     */
    public String answer(String offer, CallConnection connection) {
        if (offer.length() > MAX_OFFER_BYTES) {
            throw RefusedException.value(
                    "sdp", "sdp: expected at most " + MAX_OFFER_BYTES + " bytes, found " + offer.length());
        }
        connection.onEnd(() -> remove(connection));
        // Offers that arrive at the same time must not take the same free session.
        synchronized (calls) {
            requireRoom();
            calls.put(connection.id(), connection);
            sessions.answered(connection);
        }
        try {
            return requirePort().answer(offer, connection);
        } catch (RuntimeException e) {
            remove(connection);
            throw e;
        }
    }

    private void remove(CallConnection connection) {
        calls.remove(connection.id());
        sessions.ended(connection);
    }

    /** Handles {@code POST /v1/realtime/calls/ID/hangup}. */
    public void hangUp(HttpExchange exchange) throws IOException {
        requireKey(exchange);
        requirePort();
        String rest = exchange.rest();
        String id = rest.endsWith(HANG_UP) ? rest.substring(0, rest.length() - HANG_UP.length()) : "";
        if (!(calls.get(id) instanceof CallConnection call) || !call.hangUp()) {
            throw HttpFailure.refused(404, "call_not_found", "address: no call has the id " + Json.brief(id));
        }
        exchange.send(200, "application/json", new byte[0]);
    }

    private Optional<ClientSecrets.Secret> requireKey(HttpExchange exchange) {
        Optional<String> key = exchange.key();
        Optional<ClientSecrets.Secret> secret = key.flatMap(sessions.secrets()::find);
        if (secret.isPresent() || admits.test(key)) return secret;
        throw invalidKey("the key of this server or a client secret");
    }

    /**
     * Checks that a request has the server's key and that the server accepts calls.
     *
     * @throws HttpFailure if one of them is not the case
     */
    public void require(HttpExchange exchange) {
        if (!admits.test(exchange.key())) throw invalidKey("the key of this server");
        requirePort();
    }

    private static HttpFailure invalidKey(String expected) {
        return HttpFailure.refused(401, "invalid_api_key", "authorization: expected Bearer and " + expected);
    }

    private CallPort requirePort() {
        return port.orElseThrow(() -> HttpFailure.refused(
                404, "unsupported_endpoint", "address: this server accepts no calls; start it with --webrtc"));
    }

    /** Rejects a call if no session can be opened. */
    private void requireRoom() {
        if (sessions.isClosing()) throw HttpFailure.closing();
        sessions.failure().ifPresent(why -> {
            throw HttpFailure.broken(why);
        });
        if (sessions.free() == 0) throw HttpFailure.rateLimited("too many sessions are open; try again later");
    }

    private static Request read(HttpExchange exchange) throws IOException {
        return switch (exchange.contentType()) {
            case SDP ->
                exchange.body(bytes -> new Request(new String(bytes, StandardCharsets.UTF_8), Optional.empty()));
            case "multipart/form-data" -> exchange.form("sdp", RealtimeCalls::read);
            case String found ->
                throw HttpFailure.refused(
                        415,
                        "unsupported_media_type",
                        "content-type: expected " + SDP + " or multipart/form-data, found "
                                + (found.isEmpty() ? "none" : found));
        };
    }

    private static Request read(Form form) {
        byte[] file = form.file().orElseThrow(() -> RefusedException.value("sdp", "sdp: expected a part, found none"));
        String offer = new String(file, StandardCharsets.UTF_8);
        String session = form.texts().path("session").asText();
        if (session.isEmpty()) return new Request(offer, Optional.empty());
        ObjectNode settings = Json.object(session);
        return new Request(offer, Optional.of(Json.STRICT.read(settings, SessionFields.class, "session")));
    }

    @Override
    public void close() {
        port.ifPresent(CallPort::close);
    }
}
