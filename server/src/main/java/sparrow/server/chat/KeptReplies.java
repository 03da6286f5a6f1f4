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
 * Replies that a later request may refer to instead of repeating them: their units, for a limited time and up to a
 * maximum number. Safe for every thread.
 */
final class KeptReplies {
    /** The time for which a reply is kept. */
    static final Duration KEPT = Duration.ofHours(1);

    private static final int MAX = 1024;

    private final Clock clock;
    private final Map<String, Kept> kept = new LinkedHashMap<>();

    private record Kept(List<Unit> units, Instant expires) {}

    KeptReplies(Clock clock) {
        this.clock = clock;
    }

    /** Returns the expiry time of a reply that is added now. */
    Instant expiry() {
        return clock.instant().plus(KEPT);
    }

    /** Adds the units of a reply. The oldest reply is removed if there are too many. */
    synchronized void keep(String name, List<Unit> units, Instant expires) {
        kept.put(name, new Kept(units, expires));
        var oldest = kept.entrySet().iterator();
        while (oldest.hasNext()) {
            boolean expired = oldest.next().getValue().expires().isBefore(clock.instant());
            if (!expired && kept.size() <= MAX) return;
            oldest.remove();
        }
    }

    /** Returns the units of a reply; empty if it is not kept any more. */
    synchronized Optional<List<Unit>> find(String name) {
        return Optional.ofNullable(kept.get(name))
                .filter(reply -> !reply.expires().isBefore(clock.instant()))
                .map(Kept::units);
    }
}
