package sparrow.server;

import java.io.IOException;
import java.util.Optional;
import sparrow.models.pool.ConversationPool;
import sparrow.server.http.HttpExchange;
import sparrow.server.http.HttpFailure;
import sparrow.server.realtime.RealtimeSessions;

/** Answers liveness and readiness probes from monitors and load balancers. */
final class Readiness {
    private final ConversationPool pool;
    private final RealtimeSessions sessions;
    private volatile State state = State.WARMING_UP;

    private enum State {
        WARMING_UP,
        OPEN,
        CLOSING
    }

    private record Answer(String status) {}

    Readiness(ConversationPool pool, RealtimeSessions sessions) {
        this.pool = pool;
        this.sessions = sessions;
    }

    void ready() {
        state = State.OPEN;
    }

    void closing() {
        state = State.CLOSING;
    }

    /**
     * Handles {@code GET /healthz}. Returns 200 while the process is alive and need not be restarted, even while the
     * server drains.
     */
    void live(HttpExchange exchange) throws IOException {
        requireWhole();
        exchange.sendJson(200, new Answer("ok"));
    }

    /** Handles {@code GET /readyz}. Returns 200 if a new call would be accepted. */
    void isReady(HttpExchange exchange) throws IOException {
        requireWhole();
        Optional<HttpFailure> refusal = refusal();
        if (refusal.isPresent()) throw refusal.get();
        exchange.sendJson(200, new Answer("ok"));
    }

    /**
     * Handles {@code GET /readyz/requests}. Returns 200 unless the model warms up or the server drains. A server whose
     * sessions are all in use still answers chats and the page.
     */
    void acceptsRequests(HttpExchange exchange) throws IOException {
        requireWhole();
        closedOrWarmingUp().ifPresent(refusal -> {
            throw refusal;
        });
        exchange.sendJson(200, new Answer("ok"));
    }

    /** Returns the number of realtime sessions that could be opened now. */
    int freeSessions() {
        return sessions.failure().isPresent() || refusal().isPresent() ? 0 : sessions.free();
    }

    private void requireWhole() {
        sessions.failure().ifPresent(line -> {
            throw HttpFailure.broken(line);
        });
    }

    private Optional<HttpFailure> refusal() {
        return closedOrWarmingUp().or(() -> noPlace().map(why -> HttpFailure.unavailable("no capacity: " + why)));
    }

    private Optional<HttpFailure> closedOrWarmingUp() {
        return switch (state) {
            case WARMING_UP -> Optional.of(HttpFailure.unavailable("the model is warming up"));
            case CLOSING -> Optional.of(HttpFailure.closing());
            case OPEN -> Optional.empty();
        };
    }

    private Optional<String> noPlace() {
        if (sessions.free() == 0) return Optional.of(sessions.limit() + " sessions are open");
        if (pool.isFull()) return Optional.of(pool.status().waiting() + " replies are waiting");
        return Optional.empty();
    }
}
