package sparrow.server.message;

import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import sparrow.formats.Printable;

/**
 * Logs refusals and defects. This class decides which words of a client a log may contain: none, because a message may
 * be a sentence of a conversation or a key in the wrong place. Refusals are logged at a limited rate, so that no client
 * can fill the disk. Thread-safe.
 */
public final class RefusalLog {
    /** The log of this process. */
    public static final RefusalLog SERVER = new RefusalLog();

    /** Codes whose messages consist of the server's own words and of numbers. */
    private static final Set<String> OWN_WORDS = Set.of(
            "context_length_exceeded",
            "foreign_origin",
            "input_audio_buffer_commit_empty",
            "invalid_api_key",
            "rate_limit_exceeded",
            "request_timeout",
            "request_too_large",
            "response_timeout",
            "session_expired",
            "unavailable",
            "unknown_host",
            "upgrade_required");

    /** Code of a refusal whose place is a name that the client chose. */
    private static final String UNKNOWN = "unknown_parameter";

    /** Maximum number of lines within {@link #WITHIN_NANOS}. */
    static final int MAX = 100;

    static final long WITHIN_NANOS = 10_000_000_000L;

    private static final int MAX_CHARACTERS = 400;
    private static final System.Logger LOG = System.getLogger("sparrow.server");

    private final LongSupplier clock;
    private final Consumer<String> lines;
    private long since;
    private int count;

    private RefusalLog() {
        this(System::nanoTime, line -> LOG.log(System.Logger.Level.INFO, line));
    }

    /** @param clock a source of nanoseconds since an arbitrary origin */
    RefusalLog(LongSupplier clock, Consumer<String> lines) {
        this.clock = clock;
        this.lines = lines;
        this.since = clock.getAsLong();
    }

    /**
     * Returns the part of a refusal that a log may contain: the code, the place, and the message if it consists of the
     * server's own words.
     *
     * @param place the place in the request, or null if the refusal has no particular place
     * @param message the message to the client
     */
    public static String words(String code, String place, String message) {
        if (OWN_WORDS.contains(code)) return code + ", " + message;
        return place == null || code.equals(UNKNOWN) ? code : code + " " + place;
    }

    /**
     * Logs a defect with its stack trace, but without the exceptions' messages, which may quote a client.
     *
     * @param what a line in the server's own words
     */
    public static void defect(String what, Throwable failure) {
        HeapShare.report(failure);
        LOG.log(System.Logger.Level.ERROR, what, new Wordless(failure));
    }

    /** The stack trace of an exception without its message. The message of a virtual machine's error is kept. */
    private static final class Wordless extends Throwable {
        private static final long serialVersionUID = 1;

        private final String name;

        Wordless(Throwable failure) {
            super(null, failure.getCause() == null ? null : new Wordless(failure.getCause()), false, true);
            setStackTrace(failure.getStackTrace());
            name = failure instanceof VirtualMachineError
                    ? failure.toString()
                    : failure.getClass().getName();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * Logs a refusal.
     *
     * @param whose the id of the request or session
     * @param why the reason in the server's own words, such as the result of {@link #words}
     */
    public void log(String whose, String why) {
        int before = count();
        if (before < MAX) lines.accept(oneLine(whose + ": refused, " + why));
        else if (before == MAX) lines.accept("more than " + MAX + " refusals in 10 s; the others are not logged");
    }

    private synchronized int count() {
        long now = clock.getAsLong();
        if (now - since > WITHIN_NANOS) {
            since = now;
            count = 0;
        }
        return count++;
    }

    private static String oneLine(String text) {
        return Printable.of(text, MAX_CHARACTERS);
    }
}
