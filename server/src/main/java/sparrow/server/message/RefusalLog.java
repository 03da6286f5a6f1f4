package sparrow.server.message;

import java.util.function.Consumer;
import java.util.function.LongSupplier;
import sparrow.formats.Printable;

/** Logs one line per refusal at a limited rate, so that no client can fill the disk. Thread-safe. */
public final class RefusalLog {
    /** Maximum number of lines within {@link #WITHIN_NANOS}. */
    static final int MAX = 100;

    static final long WITHIN_NANOS = 10_000_000_000L;

    private static final int MAX_CHARACTERS = 400;
    private static final System.Logger LOG = System.getLogger("sparrow.server");

    private final LongSupplier clock;
    private final Consumer<String> lines;
    private long since;
    private int count;

    /** Creates a log that writes to the server's log. */
    public RefusalLog() {
        this(System::nanoTime, line -> LOG.log(System.Logger.Level.INFO, line));
    }

    /** @param clock a source of nanoseconds since an arbitrary origin */
    RefusalLog(LongSupplier clock, Consumer<String> lines) {
        this.clock = clock;
        this.lines = lines;
        this.since = clock.getAsLong();
    }

    /**
     * Logs a refusal.
     *
     * @param whose the id of the request or session
     * @param why the reason sent to the client, which may contain the client's data
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
