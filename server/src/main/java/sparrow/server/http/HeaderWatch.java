package sparrow.server.http;

import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Checks a connection periodically, because Jetty 12.1 has no event for the first byte of a request and no timeout
 * for its headers.
 */
final class HeaderWatch {
    private long requests;
    private long answers;
    private long bytes;
    private boolean begun;
    private Scheduler.Task next;
    private boolean isEnded;

    /** Sets the next check, which is cancelled if the connection has been closed. */
    synchronized void next(Scheduler.Task check) {
        next = check;
        if (isEnded) check.cancel();
    }

    /** Cancels the next check, which refers to the connection. */
    synchronized void end() {
        isEnded = true;
        if (next != null) next.cancel();
    }

    /**
     * Returns whether incomplete headers are the first headers of the connection, or began before the previous
     * check.
     */
    boolean areLate(long in, long out, long count) {
        if (in == 0) return true;
        // Bytes received since a check before the response may belong to the body of the completed request.
        boolean between = in == requests && out == in && answers == in;
        if (between && count > bytes) {
            boolean late = begun;
            begun = true;
            return late;
        }
        requests = in;
        answers = out;
        bytes = count;
        begun = false;
        return false;
    }
}
