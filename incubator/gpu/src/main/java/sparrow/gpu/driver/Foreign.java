package sparrow.gpu.driver;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;

/** Helper methods for foreign calls. */
public final class Foreign {
    /** Maximum number of log lines in a message. */
    private static final int LOG_LINES = 3;

    private Foreign() {}

    /** Converts the failure of a foreign function to an unchecked exception. Throws errors directly. */
    public static RuntimeException unexpected(Throwable e) {
        return switch (e) {
            case RuntimeException failure -> failure;
            case Error error -> throw error;
            default -> new IllegalStateException(e);
        };
    }

    /** Returns the text before the first zero byte, without the spaces that some drivers add to names. */
    public static String text(MemorySegment bytes) {
        byte[] all = bytes.toArray(JAVA_BYTE);
        int n = 0;
        while (n < all.length && all[n] != 0) n++;
        return new String(all, 0, n, UTF_8).strip();
    }

    /** Returns the first lines of a compiler's log, joined into one line. */
    public static String firstLines(String log) {
        return String.join(
                " | ",
                log.lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .limit(LOG_LINES)
                        .toList());
    }
}
