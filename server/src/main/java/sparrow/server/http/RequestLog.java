package sparrow.server.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/** Logs the origin of each request: the address of its connection, and the trace that the client sent. */
public final class RequestLog {
    /** The header {@code traceparent} of W3C Trace Context: version, trace id, parent id and flags. */
    private static final Pattern TRACE_PARENT =
            Pattern.compile("(?!ff)[0-9a-f]{2}-((?!0{32})[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    private static final System.Logger LOG = System.getLogger("sparrow.server");

    private RequestLog() {}

    /** Logs a request when it is complete. */
    public static void log(Request request, Response response) {
        LOG.log(
                System.Logger.Level.INFO,
                "{0}: {1} from {2}{3}",
                AuthHandler.requestId(request),
                Integer.toString(response.getStatus()),
                Request.getRemoteAddr(request),
                traceId(request.getHeaders().get("traceparent"))
                        .map(id -> ", trace " + id)
                        .orElse(""));
    }

    /**
     * Returns the trace id of a header, or empty if the header is invalid. The id consists of hexadecimal digits.
     *
     * @param header the header's value, or null if there is none
     */
    static Optional<String> traceId(String header) {
        return Optional.ofNullable(header)
                .map(TRACE_PARENT::matcher)
                .filter(Matcher::matches)
                .map(found -> found.group(1));
    }
}
