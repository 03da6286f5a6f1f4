package sparrow.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;

/**
 * Detects that a client disconnects while its response is being computed. With HTTP/1.1, only a read from the
 * connection detects this, and nothing else reads between two requests. This class therefore reads from the connection,
 * as Go's server does. End of input means that the client has disconnected; bytes are part of a pipelined request and
 * are passed on.
 */
public final class ClientWatch implements AutoCloseable {
    private final EndPoint endPoint;
    private final Runnable gone;
    private boolean closed;

    ClientWatch(Request request, Runnable gone) {
        this.endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
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
        boolean ended;
        synchronized (this) {
            if (closed) return;
            ended = hasEnded();
        }
        if (ended) gone.run();
    }

    private boolean hasEnded() {
        ByteBuffer ahead = ByteBuffer.allocate(1 << 10).limit(0);
        try {
            int count = endPoint.fill(ahead);
            if (count < 0) return true;
            if (count == 0) watch();
            // A client that pipelines requests is no longer watched.
            else if (endPoint.getConnection() instanceof Connection.UpgradeTo http) http.onUpgradeTo(ahead);
            return false;
        } catch (IOException e) {
            return true;
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
