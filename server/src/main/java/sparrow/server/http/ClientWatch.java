package sparrow.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Detects that a client disconnects while its response is being computed. With HTTP/1.1, only a read from the
 * connection detects this, and nothing else reads between two requests. This class therefore reads from the connection,
 * as Go's server does. Bytes are part of a pipelined request and are passed on. The end of input does not tell whether
 * the client has disconnected or has only closed its sending side. Only writing tells: a client that has disconnected
 * resets the connection when it receives something, and the next write fails.
 */
public final class ClientWatch implements AutoCloseable {
    /** Minimum time between two writes to a client that may have disconnected, in which a reset arrives. */
    private static final Duration INTERVAL = Duration.ofMillis(200);

    private final EndPoint endPoint;
    private final Response response;
    private final boolean isInterimKnown;
    private final Runnable gone;
    private boolean closed;
    private volatile boolean ended;
    private long probed = System.nanoTime() - INTERVAL.toNanos();

    ClientWatch(Request request, Response response, Runnable gone) {
        this.endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        this.response = response;
        this.isInterimKnown = request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_1_0;
        this.gone = gone;
        request.addFailureListener(failure -> gone.run());
        watch();
    }

    private void watch() {
        endPoint.tryFillInterested(Callback.from(this::readable, failure -> {
            if (!(failure instanceof CancellationException)) gone.run();
        }));
    }

    private void readable() {
        boolean broken;
        synchronized (this) {
            if (closed) return;
            broken = isBroken();
        }
        if (broken) gone.run();
    }

    private boolean isBroken() {
        ByteBuffer ahead = ByteBuffer.allocate(1 << 10).limit(0);
        try {
            int count = endPoint.fill(ahead);
            if (count < 0) ended = true;
            else if (count == 0) watch();
            // A client that pipelines requests is no longer watched.
            else if (endPoint.getConnection() instanceof Connection.UpgradeTo http) http.onUpgradeTo(ahead);
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /**
     * Returns whether something should now be written to the client to find out whether it has disconnected, because it
     * has closed its sending side. Called by the thread that writes the response.
     */
    public boolean isDue() {
        long now = System.nanoTime();
        if (!ended || now - probed < INTERVAL.toNanos()) return false;
        probed = now;
        return true;
    }

    /**
     * Writes the interim response {@code 102 Processing}, which clients skip, unless the response has begun. Called by
     * the thread that writes the response.
     *
     * @throws IOException if the client has disconnected, or has closed its sending side and knows no interim responses
     */
    public void probe() throws IOException {
        if (response.isCommitted()) return;
        if (!isInterimKnown) throw new IOException("the client has disconnected");
        try {
            response.writeInterim(HttpStatus.PROCESSING_102, HttpFields.EMPTY).get();
        } catch (ExecutionException e) {
            throw new IOException("the client has disconnected", e.getCause());
        } catch (InterruptedException e) {
            throw HttpFailure.closing();
        }
    }

    /** Stops watching. Must be called before the response is complete. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        if (endPoint instanceof AbstractEndPoint reading) {
            reading.getFillInterest().onFail(new CancellationException("the answer is complete"));
        }
    }
}
