package sparrow.app;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The log of the server and its libraries, on standard error: one line for each failure. */
final class ServerLogging {
    private static final String FORMAT = "java.util.logging.SimpleFormatter.format";

    /** A logger is collected with its level when no reference to it is left. */
    private static final List<Logger> QUIET =
            List.of(Logger.getLogger("org.eclipse.jetty"), Logger.getLogger("io.prometheus"));

    private ServerLogging() {}

    static void begin() {
        if (System.getProperty(FORMAT) == null) System.setProperty(FORMAT, "%1$tFT%1$tT %4$s %3$s: %5$s%6$s%n");
        QUIET.forEach(logger -> logger.setLevel(Level.WARNING));
    }
}
