package sparrow.server.chat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sparrow.engine.interleave.Unit;

/**
 * A limited number of replies that are stored for a limited time, so that later requests can refer to them instead of
 * repeating them. Thread-safe.
 */
final class KeptReplies {
    /** Time for which a reply is stored. */
    static final Duration KEPT = Duration.ofHours(1);

    private static final int MAX = 1024;

    private final Clock clock;
    private final Map<String, Kept> kept = new LinkedHashMap<>();

    private record Kept(List<Unit> units, Instant expires) {}

    KeptReplies(Clock clock) {
        this.clock = clock;
    }

    /** Returns the expiry time for a reply that is stored now. */
    Instant expiry() {
        return clock.instant().plus(KEPT);
    }

    /** Stores a reply's units. Expired replies are removed, and so is the oldest reply if there are too many. */
    synchronized void keep(String name, List<Unit> units, Instant expires) {
        kept.put(name, new Kept(units, expires));
        var oldest = kept.entrySet().iterator();
        while (oldest.hasNext()) {
            boolean expired = oldest.next().getValue().expires().isBefore(clock.instant());
            if (!expired && kept.size() <= MAX) return;
            oldest.remove();
        }
    }

    /** Returns a reply's units, or empty if the reply is no longer stored. */
    synchronized Optional<List<Unit>> find(String name) {
        return Optional.ofNullable(kept.get(name))
                .filter(reply -> !reply.expires().isBefore(clock.instant()))
                .map(Kept::units);
    }
}
