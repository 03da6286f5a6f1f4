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
    private final Map<String, RealtimeCall> calls = new ConcurrentHashMap<>();

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
        CallPort calling = requirePort();
        Request request = read(exchange);
        requireRoom();
        RealtimeSessions.Opening opening = sessions.opening(secret, caution, () -> 0);
        if (request.session().isPresent()) {
            opening = opening.with(
                    sessions.checked(opening.config().merge(request.session().get(), sessions.model())));
        }
        RealtimeCall call = new RealtimeCall(sessions, opening, ended -> calls.remove(ended.callId()));
        calls.put(call.callId(), call);
        String answer;
        try {
            answer = calling.answer(request.offer(), call);
        } catch (RuntimeException e) {
            calls.remove(call.callId());
            throw e;
        }
        exchange.header("location", "/v1/realtime/calls/" + call.callId());
        exchange.send(201, SDP, answer.getBytes(StandardCharsets.UTF_8));
    }

    /** Handles {@code POST /v1/realtime/calls/ID/hangup}. */
    public void hangUp(HttpExchange exchange) throws IOException {
        requireKey(exchange);
        requirePort();
        String rest = exchange.rest();
        String id = rest.endsWith(HANG_UP) ? rest.substring(0, rest.length() - HANG_UP.length()) : "";
        if (!(calls.get(id) instanceof RealtimeCall call) || !call.hangUp()) {
            throw HttpFailure.refused(404, "call_not_found", "address: no call has the id " + Json.brief(id));
        }
        exchange.send(200, "application/json", new byte[0]);
    }

    private Optional<ClientSecrets.Secret> requireKey(HttpExchange exchange) {
        Optional<String> key = exchange.key();
        Optional<ClientSecrets.Secret> secret = key.flatMap(sessions.secrets()::find);
        if (secret.isPresent() || admits.test(key)) return secret;
        throw HttpFailure.refused(
                401, "invalid_api_key", "authorization: expected Bearer and the key of this server or a client secret");
    }

    private CallPort requirePort() {
        return port.orElseThrow(() -> HttpFailure.refused(
                404, "unsupported_endpoint", "address: this server accepts no calls; start it with --webrtc"));
    }

    /** Rejects a call if no session can be opened. Calls that have not begun are counted, too. */
    private void requireRoom() {
        if (sessions.isClosing()) throw HttpFailure.closing();
        sessions.failure().ifPresent(why -> {
            throw HttpFailure.broken(why);
        });
        long pending = calls.values().stream().filter(RealtimeCall::isPending).count();
        if (sessions.free() <= pending) {
            throw HttpFailure.rateLimited("too many sessions are open; try again later");
        }
    }

    private static Request read(HttpExchange exchange) throws IOException {
        return switch (exchange.contentType()) {
            case SDP -> exchange.body(bytes -> new Request(offer(bytes), Optional.empty()));
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
        byte[] offer = form.file().orElseThrow(() -> RefusedException.value("sdp", "sdp: expected a part, found none"));
        String session = form.texts().path("session").asText();
        if (session.isEmpty()) return new Request(offer(offer), Optional.empty());
        ObjectNode settings = Json.object(session);
        return new Request(offer(offer), Optional.of(Json.STRICT.read(settings, SessionFields.class, "session")));
    }

    private static String offer(byte[] bytes) {
        if (bytes.length <= MAX_OFFER_BYTES) return new String(bytes, StandardCharsets.UTF_8);
        throw RefusedException.value(
                "sdp", "sdp: expected at most " + MAX_OFFER_BYTES + " bytes, found " + bytes.length);
    }

    @Override
    public void close() {
        port.ifPresent(CallPort::close);
    }
}
