package sparrow.app.serve;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Formats a line of the log as a JSON object. */
final class JsonLog extends Formatter {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The id of a request, session or item before a message. */
    private static final Pattern OF_REQUEST = Pattern.compile("([a-z]+_\\w+): (.*)", Pattern.DOTALL);

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Line(String time, String level, String logger, String request, String message, String trace) {}

    @Override
    public String format(LogRecord logged) {
        String message = formatMessage(logged);
        Matcher ofRequest = OF_REQUEST.matcher(message);
        boolean hasId = ofRequest.matches();
        return line(new Line(
                        logged.getInstant().toString(),
                        logged.getLevel().getName(),
                        logged.getLoggerName(),
                        hasId ? ofRequest.group(1) : null,
                        hasId ? ofRequest.group(2) : message,
                        logged.getThrown() == null ? null : trace(logged.getThrown())))
                + "\n";
    }

    /** Returns the line for a message of the command itself. */
    static String line(String message) {
        return line(new Line(Instant.now().toString(), "INFO", "sparrow", null, message, null));
    }

    private static String trace(Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace, true));
        return trace.toString();
    }

    private static String line(Line line) {
        try {
            return JSON.writeValueAsString(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // a record of texts can always be written
        }
    }
}
