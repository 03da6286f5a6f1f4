package sparrow.server.realtime;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import sparrow.server.message.Check;
import sparrow.server.message.HeapShare;
import sparrow.server.message.Ids;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.event.Problem;
import sparrow.server.realtime.event.SessionConfig;
import sparrow.server.realtime.event.SessionFields;

/**
 * Temporary keys that can only be used to open realtime sessions. An application server that has this server's API key
 * passes them to its pages. Thread-safe.
 */
public final class ClientSecrets implements AutoCloseable {
    private static final long MIN_SECONDS = 10;
    private static final long MAX_SECONDS = 7200;
    private static final long USUAL_SECONDS = 600;
    private static final int MAX = 10_000;

    /** Memory of a key in addition to its instructions and tools, in bytes. */
    private static final int SECRET_BYTES = 1 << 10;

    private final Clock clock;
    private final String model;
    private final Optional<String> leftOut;
    private final UnaryOperator<SessionConfig> check;
    private final Map<String, Secret> secrets = new ConcurrentHashMap<>();

    /**
     * A temporary key.
     *
     * @param config the settings of the sessions that the key opens
     * @param bytes the memory of the instructions and tools
     * @param first the id of the key's first session, or null once that session has been opened
     */
    record Secret(Instant expires, SessionConfig config, long bytes, AtomicReference<String> first) {
        /** Returns the announced id for the first session that is opened, or empty for later sessions. */
        Optional<String> takeId() {
            return Optional.ofNullable(first.getAndSet(null));
        }
    }

    /**
     * Creates an empty set of keys.
     *
     * @param leftOut the caution for a client whose instructions are ignored, or empty if the model follows them
     * @param check a function that rejects settings that the model does not support
     */
    ClientSecrets(Clock clock, String model, Optional<String> leftOut, UnaryOperator<SessionConfig> check) {
        this.clock = clock;
        this.model = model;
        this.leftOut = leftOut;
        this.check = check;
    }

    private record Wanted(After expiresAfter, SessionFields session) {}

    private record After(String anchor, Number seconds) {
        public After {
            if (anchor != null && !anchor.equals("created_at")) {
                throw RefusedException.mismatch("anchor", "created_at", Json.shown(anchor));
            }
            Check.whole("seconds", seconds, MIN_SECONDS, MAX_SECONDS);
        }
    }

    /**
     * The response: a key and its session.
     *
     * @param sparrow a caution, or null if there is none
     */
    public record Created(
            String value,
            long expiresAt,
            Object session,
            @JsonInclude(JsonInclude.Include.NON_NULL) Object sparrow) {}

    /**
     * Creates a key for {@code POST /v1/realtime/client_secrets}.
     *
     * @throws RefusedException if the request is invalid
     */
    public Created create(ObjectNode body) {
        Wanted wanted = Json.STRICT.read(body, Wanted.class);
        After after = wanted.expiresAfter();
        long seconds = after == null || after.seconds() == null
                ? USUAL_SECONDS
                : after.seconds().longValue();
        SessionConfig config = check.apply(
                wanted.session() == null
                        ? SessionConfig.DEFAULT
                        : SessionConfig.DEFAULT.merge(wanted.session(), model));
        String value = Ids.UNGUESSABLE.next("ek_") + Ids.UNGUESSABLE.next("");
        Instant expires = clock.instant().plusSeconds(seconds);
        String first = Ids.UNGUESSABLE.next("sess_");
        add(value, new Secret(expires, config, SECRET_BYTES + config.reply().bytes(), new AtomicReference<>(first)));
        return new Created(
                value,
                expires.getEpochSecond(),
                config.view(first, model, expires.getEpochSecond()),
                SessionConfig.caution(wanted.session(), model, leftOut));
    }

    private synchronized void add(String value, Secret secret) {
        Instant now = clock.instant();
        remove(old -> !now.isBefore(old.expires()));
        if (secrets.size() >= MAX || !HeapShare.SECRETS.take(secret.bytes())) {
            throw new RefusedException(
                    Problem.RATE_LIMIT,
                    null,
                    "expected at most " + MAX + " client secrets that have not expired, with instructions and tools of "
                            + HeapShare.SECRETS.limit() + " bytes together");
        }
        secrets.put(value, secret);
    }

    private synchronized void remove(Predicate<Secret> which) {
        secrets.values().removeIf(secret -> {
            boolean gone = which.test(secret);
            if (gone) HeapShare.SECRETS.add(-secret.bytes());
            return gone;
        });
    }

    /** Removes all keys. */
    @Override
    public void close() {
        remove(_ -> true);
    }

    /** Returns the secret for a key, or empty if the key is not valid. */
    Optional<Secret> find(String key) {
        return Optional.ofNullable(secrets.get(key))
                .filter(secret -> clock.instant().isBefore(secret.expires()));
    }
}
