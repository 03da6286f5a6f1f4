package sparrow.server.chat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Replies that a later request may name instead of repeating them: their ids, for a time, and not more than so many. Safe for
 * every thread.
 */
final class KeptReplies {
    /** How long a reply can be named. */
    static final Duration KEPT = Duration.ofHours(1);

    private static final int MOST = 1024;

    private final Clock clock;
    private final Map<String, Kept> kept = new LinkedHashMap<>();

    private record Kept(int[] ids, Instant expires) {}

    KeptReplies(Clock clock) {
        this.clock = clock;
    }

    /** When a reply that is kept now will be forgotten. */
    Instant expiry() {
        return clock.instant().plus(KEPT);
    }

    /** Keeps the ids of a reply; the oldest one goes if there are too many. */
    synchronized void keep(String name, int[] ids, Instant expires) {
        kept.put(name, new Kept(ids, expires));
        var oldest = kept.entrySet().iterator();
        while (oldest.hasNext()) {
            boolean expired = oldest.next().getValue().expires().isBefore(clock.instant());
            if (!expired && kept.size() <= MOST) return;
            oldest.remove();
        }
    }

    /** The ids of a reply; empty if nobody knows it any more. */
    synchronized Optional<int[]> find(String name) {
        return Optional.ofNullable(kept.get(name))
                .filter(reply -> !reply.expires().isBefore(clock.instant()))
                .map(Kept::ids);
    }
}
