package sparrow.server.realtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.StatusCode;
import sparrow.server.call.CallPort;
import sparrow.server.message.Ids;
import sparrow.server.realtime.event.Problem;
import sparrow.server.realtime.event.ServerEvent;
import sparrow.server.realtime.session.SessionMemory;

/**
 * The connection of a session over WebRTC. Its data channel transports the frames of an endpoint, and its tracks the
 * audio. The session begins when the data channel opens.
 */
public final class CallConnection implements CallPort.Caller {
    /** Maximum number of characters in messages that wait for the session. */
    static final int MAX_WAITING = 4 << 20;

    /** Memory of a waiting message in addition to its text. */
    private static final int MESSAGE_BYTES = 64;

    /** Maximum number of audio frames that wait for the session: 10 s. Further frames are dropped. */
    private static final int MAX_FRAMES = 500;

    private final String id = Ids.UNGUESSABLE.next("rtc_");
    private final AtomicInteger frames = new AtomicInteger();
    private final ArrayDeque<String> messages = new ArrayDeque<>();
    private long waitingBytes;
    private final String address;
    private final SessionMemory.Share memory;
    private final Consumer<CallPort.Quality> qualities;
    private boolean demanded;
    private RealtimeEndpoint endpoint;
    private CallOutput output;
    private Runnable onEnd = () -> {};

    /** Null before the data channel is open. */
    private volatile CallPort.Line line;

    private volatile boolean ended;

    /**
     * Creates a connection that has no endpoint yet.
     *
     * @param address the address from which the call was requested
     * @param memory the memory for waiting messages
     * @param qualities a consumer of measurements
     */
    CallConnection(String address, SessionMemory.Share memory, Consumer<CallPort.Quality> qualities) {
        this.address = address;
        this.memory = memory;
        this.qualities = qualities;
    }

    String id() {
        return id;
    }

    /**
     * Sets the endpoint. Must be called before the offer is answered.
     *
     * @param sent the audio to be sent
     */
    public void attach(RealtimeEndpoint session, CallOutput sent) {
        endpoint = session;
        session.comesFrom(address);
        output = sent;
    }

    /** Sets a command that runs once, when the call has ended. */
    void onEnd(Runnable command) {
        onEnd = command;
    }

    /** Returns the number of bytes received. */
    public long received() {
        return line == null ? 0 : line.received();
    }

    /** Returns the estimated time between sending audio and its arrival, or zero if it is unknown. */
    public Duration delay() {
        return line.delay();
    }

    /** Returns whether the call has neither begun nor ended. */
    boolean isPending() {
        return line == null && !ended;
    }

    /** Ends the call. Returns false if the call has not begun. */
    synchronized boolean hangUp() {
        if (line == null) return false;
        endpoint.close(StatusCode.NORMAL, "hung up");
        return true;
    }

    // Called by the call's threads.

    @Override
    public boolean reserve(long bytes) {
        synchronized (messages) {
            return memory.take(bytes);
        }
    }

    @Override
    public synchronized void opened(CallPort.Line opened) {
        if (ended) return;
        synchronized (messages) {
            memory.hold(waitingBytes);
        }
        line = opened;
        endpoint.open(new Channel(opened));
    }

    @Override
    public void closed(String reason) {
        synchronized (this) {
            if (ended) return;
            ended = true;
        }
        synchronized (messages) {
            messages.clear();
            memory.close();
        }
        if (line == null) endpoint.log(reason);
        else endpoint.onWebSocketClose(StatusCode.NORMAL, reason, Callback.NOOP);
        onEnd.run();
    }

    @Override
    public void message(String text) {
        if (!add(text)) endpoint.close(StatusCode.POLICY_VIOLATION, "too many messages are waiting");
    }

    /** Adds a message. Returns whether there was memory for it. */
    public boolean add(String text) {
        synchronized (messages) {
            long size = size(text);
            if (waitingBytes + size > Character.BYTES * (long) MAX_WAITING || !memory.take(size)) return false;
            messages.add(text);
            waitingBytes += size;
        }
        deliverNext();
        return true;
    }

    private static long size(String text) {
        return (long) Character.BYTES * text.length() + MESSAGE_BYTES;
    }

    private void deliverNext() {
        String next;
        synchronized (messages) {
            if (!demanded || messages.isEmpty()) return;
            demanded = false;
            next = messages.remove();
            waitingBytes -= size(next);
            memory.hold(waitingBytes);
        }
        endpoint.onWebSocketPartialText(next, true);
    }

    @Override
    public void heard(byte[] samples) {
        if (isPending()) return;
        if (frames.incrementAndGet() > MAX_FRAMES) {
            frames.decrementAndGet();
            return;
        }
        endpoint.inTurn(() -> {
            frames.decrementAndGet();
            endpoint.hear(Base64.getEncoder().encodeToString(samples));
        });
    }

    @Override
    public void measured(CallPort.Quality quality) {
        qualities.accept(quality);
    }

    @Override
    public void fill(short[] frame) {
        output.fill(frame);
    }

    /** The data channel. */
    private final class Channel implements Transport {
        private final CallPort.Line line;

        Channel(CallPort.Line line) {
            this.line = line;
        }

        @Override
        public void demand() {
            synchronized (messages) {
                demanded = true;
            }
            deliverNext();
        }

        @Override
        public void send(String text) throws IOException, InterruptedException {
            int length = text.getBytes(StandardCharsets.UTF_8).length;
            if (length <= line.maxMessageBytes()) {
                line.send(text);
                return;
            }
            String type = text.replaceFirst("(?s).*?\"type\":\"([a-z_.]+)\".*", "$1");
            Problem problem = Problem.of(
                    "event_too_long",
                    "an event " + type + " of " + length + " bytes was not sent: the client accepts "
                            + line.maxMessageBytes());
            line.send(ServerEvent.frame(
                    new ServerEvent.Failed(new ServerEvent.Failure(problem, null)), Ids.UNGUESSABLE.next("event_")));
        }

        @Override
        public void ping() {
            // The call itself detects that its client cannot be reached.
        }

        @Override
        public void close(int code, String reason) {
            disconnect();
        }

        @Override
        public void disconnect() {
            Thread.startVirtualThread(line::hangUp);
        }
    }
}
