package sparrow.server.chat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sparrow.engine.interleave.Unit;
import sparrow.server.message.HeapShare;

/**
 * A limited number of replies, of limited size, that are stored for a limited time, so that later requests can refer to
 * them instead of repeating them. Thread-safe.
 */
final class KeptReplies implements AutoCloseable {
    /** Time for which a reply is stored. */
    static final Duration KEPT = Duration.ofHours(1);

    private static final int MAX = 1024;

    private final Clock clock;
    private final long maxBytes;
    private final Map<String, Kept> kept = new LinkedHashMap<>();
    private long bytes;

    private record Kept(List<Unit> units, Instant expires) {
        /** Returns an estimate of the memory of the units in bytes. */
        long bytes() {
            return units.stream()
                    .mapToLong(unit -> switch (unit) {
                        case Unit.Token _ -> 24;
                        case Unit.Frame(List<Integer> codes) -> 72 + 24L * codes.size();
                    })
                    .sum();
        }
    }

    KeptReplies(Clock clock) {
        this(clock, HeapShare.REPLIES.limit());
    }

    KeptReplies(Clock clock, long maxBytes) {
        this.clock = clock;
        this.maxBytes = maxBytes;
    }

    /** Returns the expiry time for a reply that is stored now. */
    Instant expiry() {
        return clock.instant().plus(KEPT);
    }

    /**
     * Stores a reply's units. Expired replies are removed, and so are the oldest replies while there are too many or
     * they take too much memory.
     */
    synchronized void keep(String name, List<Unit> units, Instant expires) {
        Kept added = new Kept(units, expires);
        Kept replaced = kept.put(name, added);
        add(added.bytes() - (replaced == null ? 0 : replaced.bytes()));
        var oldest = kept.values().iterator();
        while (oldest.hasNext()) {
            Kept next = oldest.next();
            boolean expired = next.expires().isBefore(clock.instant());
            if (!expired && kept.size() <= MAX && bytes <= maxBytes) return;
            oldest.remove();
            add(-next.bytes());
        }
    }

    private void add(long more) {
        bytes += more;
        HeapShare.REPLIES.add(more);
    }

    /** Removes all replies. */
    @Override
    public synchronized void close() {
        kept.clear();
        add(-bytes);
    }

    /** Returns a reply's units, or empty if the reply is no longer stored. */
    synchronized Optional<List<Unit>> find(String name) {
        return Optional.ofNullable(kept.get(name))
                .filter(reply -> !reply.expires().isBefore(clock.instant()))
                .map(Kept::units);
    }
}
