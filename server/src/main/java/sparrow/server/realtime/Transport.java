package sparrow.server.realtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutionException;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/** The transport of a session's frames: a WebSocket, or the data channel of a call. Thread-safe. */
interface Transport {
    /** Requests the next frame, or the next piece of the current frame. */
    void demand();

    /**
     * Sends a frame and waits until it has been sent.
     *
     * @throws IOException if the connection is broken
     */
    void send(String text) throws IOException, InterruptedException;

    /** Sends a message to which the other side's implementation responds. */
    void ping() throws IOException, InterruptedException;

    /** Sends a close frame without waiting. */
    void close(int code, String reason);

    /** Ends the connection immediately. */
    void disconnect();

    /** Returns the frames of a WebSocket. */
    static Transport of(Session socket) {
        return new Transport() {
            @Override
            public void demand() {
                socket.demand();
            }

            @Override
            public void send(String text) throws IOException, InterruptedException {
                Callback.Completable done = new Callback.Completable();
                socket.sendText(text, done);
                await(done);
            }

            @Override
            public void ping() throws IOException, InterruptedException {
                Callback.Completable done = new Callback.Completable();
                socket.sendPing(ByteBuffer.allocate(0), done);
                await(done);
            }

            private static void await(Callback.Completable done) throws IOException, InterruptedException {
                try {
                    done.get();
                } catch (ExecutionException e) {
                    throw new IOException(e.getCause());
                }
            }

            @Override
            public void close(int code, String reason) {
                socket.close(code, reason, Callback.NOOP);
            }

            @Override
            public void disconnect() {
                socket.disconnect();
            }
        };
    }
}
