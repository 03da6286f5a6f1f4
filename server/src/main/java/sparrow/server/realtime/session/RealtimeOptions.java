package sparrow.server.realtime.session;

import java.time.Duration;
import java.util.function.Supplier;
import sparrow.server.vad.Vad;

/**
 * The bounds of realtime sessions.
 *
 * @param mostSessions that may be open
 * @param longest that one may last
 * @param patience with a client that takes nothing of what it is sent; twice that with one of which nothing comes, not even the
 *     answer to a ping
 * @param onInterrupt the fate of a reply that the user interrupts
 * @param vads each a detector of speech that has heard nothing
 */
public record RealtimeOptions(
        int mostSessions, Duration longest, Duration patience, OnInterrupt onInterrupt, Supplier<Vad> vads) {
    /** The fate of a reply that the user interrupts, unless the client says how much of it was heard. */
    public enum OnInterrupt {
        /** It stays in the context as far as it was made, until the client truncates it. */
        KEEP,
        /** It is cut to what was heard if the client played it as it came; the client is notified. */
        ESTIMATE
    }

    /** The protocol's own duration. */
    public static final Duration HOUR = Duration.ofHours(1);

    /** Returns these options for telephone calls, whose marks say what was heard. */
    public RealtimeOptions ofTelephone() {
        return new RealtimeOptions(mostSessions, longest, patience, OnInterrupt.KEEP, vads);
    }

    public RealtimeOptions {
        if (mostSessions < 1) {
            throw new IllegalArgumentException("sessions: expected 1 or more, got " + mostSessions);
        }
        if (longest.isNegative() || longest.isZero()) {
            throw new IllegalArgumentException("session: expected more than no time, got " + longest);
        }
        if (patience.isNegative() || patience.isZero()) {
            throw new IllegalArgumentException("patience: expected more than no time, got " + patience);
        }
    }
}
