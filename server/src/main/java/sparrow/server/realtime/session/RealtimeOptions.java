package sparrow.server.realtime.session;

import java.time.Duration;
import java.util.function.Supplier;
import sparrow.server.vad.Vad;

/**
 * The limits of realtime sessions.
 *
 * @param maxSessions the maximum number of open sessions
 * @param longest the maximum duration of a session
 * @param patience the maximum time for which a client may read nothing; a client may send nothing, not even a pong, for
 *     twice this time
 * @param onInterrupt the treatment of a reply that the user interrupts
 * @param vads a supplier of speech detectors in their initial state
 * @param logsAddresses whether lines of the log contain the client's address
 */
public record RealtimeOptions(
        int maxSessions,
        Duration longest,
        Duration patience,
        OnInterrupt onInterrupt,
        Supplier<Vad> vads,
        boolean logsAddresses) {
    /** The treatment of a reply that the user interrupts, unless the client reports the part that the user heard. */
    public enum OnInterrupt {
        /** The generated part remains in the context until the client truncates it. */
        KEEP,
        /**
         * The reply is truncated to the part that the user heard, assuming that the client plays audio as it arrives.
         * The client is notified.
         */
        ESTIMATE
    }

    /** The protocol's maximum duration. */
    public static final Duration HOUR = Duration.ofHours(1);

    /** Returns these options for telephone calls, whose marks report the part that the caller heard. */
    public RealtimeOptions ofTelephone() {
        return new RealtimeOptions(maxSessions, longest, patience, OnInterrupt.KEEP, vads, logsAddresses);
    }

    /** Creates options without addresses in the log. */
    public RealtimeOptions(
            int maxSessions, Duration longest, Duration patience, OnInterrupt onInterrupt, Supplier<Vad> vads) {
        this(maxSessions, longest, patience, onInterrupt, vads, false);
    }

    public RealtimeOptions {
        if (maxSessions < 1) {
            throw new IllegalArgumentException("sessions: expected 1 or more, got " + maxSessions);
        }
        if (longest.isNegative() || longest.isZero()) {
            throw new IllegalArgumentException("session: expected more than zero, got " + longest);
        }
        if (patience.isNegative() || patience.isZero()) {
            throw new IllegalArgumentException("patience: expected more than zero, got " + patience);
        }
    }
}
