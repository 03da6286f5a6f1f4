package sparrow.gpu.driver;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;

/** The parts that all foreign calls share. */
public final class Foreign {
    /** Lines of a compiler's log that go into a message. */
    private static final int LOG_LINES = 3;

    private Foreign() {}

    /** The failure of a foreign function as an exception that a caller need not declare; an error is thrown. */
    public static RuntimeException unexpected(Throwable e) {
        return switch (e) {
            case RuntimeException failure -> failure;
            case Error error -> throw error;
            default -> new IllegalStateException(e);
        };
    }

    /** Text up to the zero byte; some drivers pad names with spaces. */
    public static String text(MemorySegment bytes) {
        byte[] all = bytes.toArray(JAVA_BYTE);
        int n = 0;
        while (n < all.length && all[n] != 0) n++;
        return new String(all, 0, n, UTF_8).strip();
    }

    /** The first lines of a compiler's log, in one line. */
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
