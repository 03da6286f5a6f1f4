package sparrow.server.http;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import sparrow.server.message.Json;

/**
 * The open HTTP connections and WebSockets. A connection is closed if its headers are not complete in time, even if it
 * keeps sending.
 *
 * <p>If all places are taken, a new connection replaces a connection without a complete request: of the client that has
 * the most connections, the one that has waited longest. A quarter of the places is not available to the client that has
 * the others, and its new connections replace its own. A connection is never replaced while its request is answered or
 * while it is a WebSocket. If no connection can be replaced, the new one is a spare: it answers probes and rejects all
 * other requests, and is closed after one request or one second. Spares allow a monitor to see that a full server is
 * alive.
 */
final class OpenConnections implements Connection.Listener {
    private static final Duration IDLE_LOOK = Duration.ofMillis(50);
    private static final Duration SPARE_PATIENCE = Duration.ofSeconds(1);
    private static final Set<String> PROBES = Set.of("/healthz", "/readyz");

    /** What a connection does: it has no request, or receives a request's body, or answers or is a WebSocket. */
    private enum State {
        WAITING,
        RECEIVING,
        ANSWERING
    }

    /**
     * A connection's client and state.
     *
     * @param since the position of the connection's opening or last answer in the order of all these events
     */
    private record Client(String network, State state, long since, HeaderWatch headers) {}

    private final Server server;
    private final Duration patience;
    private final int max;

    /** All connections, including spares. */
    private final Map<Connection, Client> open = new ConcurrentHashMap<>();

    /** The number of connections of each network. */
    private final Map<String, Integer> held = new ConcurrentHashMap<>();

    /** The connections beyond the limit. */
    private final Set<Connection> spare = ConcurrentHashMap.newKeySet();

    private final AtomicLong events = new AtomicLong();

    /**
     * Creates an empty table.
     *
     * @param patience the maximum time for headers
     * @param max the maximum number of connections without spares
     */
    OpenConnections(Server server, Duration patience, int max) {
        this.server = server;
        this.patience = patience;
        this.max = max;
    }

    @Override
    public void onOpened(Connection connection) {
        // Ignore the TLS connections below the HTTP connections.
        if (connection instanceof SslConnection) return;
        String network = network(connection.getEndPoint());
        // A WebSocket takes the place of its handshake's connection.
        boolean isWebSocket = !(connection instanceof ConnectionMetaData);
        boolean isSpare = !isWebSocket && !hasRoom(network);
        held.merge(network, 1, Integer::sum);
        HeaderWatch headers = new HeaderWatch();
        State state = isWebSocket ? State.ANSWERING : State.WAITING;
        open.put(connection, new Client(network, state, events.incrementAndGet(), headers));
        if (isWebSocket) return;
        if (isSpare) {
            spare.add(connection);
            headers.next(later(SPARE_PATIENCE, () -> closeUnlessBusy(connection)));
        } else {
            watch(connection, headers);
        }
    }

    /** Returns whether a new connection of a network has a place. If necessary, another connection is closed for it. */
    private boolean hasRoom(String network) {
        if (held.getOrDefault(network, 0) >= max - max / 4) {
            return closeLongestWaiting(client -> client.network().equals(network));
        }
        return open.size() - spare.size() < max || closeLongestWaiting(_ -> true);
    }

    /** Closes the connection that is replaced first among those of some clients. Returns whether there was one. */
    private boolean closeLongestWaiting(Predicate<Client> among) {
        while (true) {
            Optional<Map.Entry<Connection, Client>> longest = open.entrySet().stream()
                    .filter(entry -> entry.getValue().state() != State.ANSWERING
                            && among.test(entry.getValue())
                            && !spare.contains(entry.getKey()))
                    .min(Comparator.comparing(
                            Map.Entry::getValue,
                            Comparator.comparingInt((Client client) -> -held.getOrDefault(client.network(), 0))
                                    .thenComparingLong(Client::since)));
            if (longest.isEmpty()) return false;
            Connection connection = longest.get().getKey();
            // Its request may have been completed meanwhile.
            if (!open.remove(connection, longest.get().getValue())) continue;
            release(longest.get().getValue());
            connection.getEndPoint().close();
            return true;
        }
    }

    /** Returns the client's address, of which only the first 64 bits count in IPv6, because a client has all the others. */
    private static String network(EndPoint endPoint) {
        if (!(endPoint.getRemoteSocketAddress() instanceof InetSocketAddress remote)) return "";
        byte[] address = remote.getAddress().getAddress();
        boolean isLong = remote.getAddress() instanceof Inet6Address;
        return HexFormat.of().formatHex(isLong ? Arrays.copyOf(address, address.length / 2) : address);
    }

    @Override
    public void onClosed(Connection connection) {
        Client client = open.remove(connection);
        if (client != null) release(client);
        spare.remove(connection);
    }

    private void release(Client client) {
        held.computeIfPresent(client.network(), (_, count) -> count == 1 ? null : count - 1);
        client.headers().end();
    }

    private void set(Connection connection, State state) {
        open.computeIfPresent(connection, (_, client) -> {
            long since = state == State.WAITING ? events.incrementAndGet() : client.since();
            return new Client(client.network(), state, since, client.headers());
        });
    }

    /** Returns a handler that records what each connection does. */
    Handler watched(Handler handler) {
        return new Handler.Wrapper(handler) {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                Connection connection = request.getConnectionMetaData().getConnection();
                boolean hasBody = request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)
                        || request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH) > 0;
                set(connection, hasBody ? State.RECEIVING : State.ANSWERING);
                Request.addCompletionListener(request, _ -> set(connection, State.WAITING));
                if (!spare.contains(connection)) {
                    Runnable complete = () -> set(connection, State.ANSWERING);
                    return super.handle(hasBody ? new Received(request, complete) : request, response, callback);
                }
                response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
                if (PROBES.contains(request.getHttpURI().getCanonicalPath())) {
                    return super.handle(request, response, callback);
                }
                HttpFailure failure = HttpFailure.unavailable("too many connections are open");
                response.setStatus(failure.status());
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
                failure.putRetry(response.getHeaders());
                response.write(true, ByteBuffer.wrap(Json.bytes(failure.body())), callback);
                return true;
            }
        };
    }

    /** A request whose body is received. */
    private static final class Received extends Request.Wrapper {
        private final Runnable complete;

        /** @param complete an action that is run when the body's end is read */
        Received(Request request, Runnable complete) {
            super(request);
            this.complete = complete;
        }

        @Override
        public Content.Chunk read() {
            Content.Chunk chunk = super.read();
            if (chunk != null && chunk.isLast()) complete.run();
            return chunk;
        }
    }

    private void watch(Connection connection, HeaderWatch headers) {
        headers.next(later(patience, () -> {
            EndPoint endPoint = connection.getEndPoint();
            if (!endPoint.isOpen()) return;
            if (headers.areLate(connection.getMessagesIn(), connection.getMessagesOut(), connection.getBytesIn())) {
                endPoint.close();
            } else {
                watch(connection, headers);
            }
        }));
    }

    private Scheduler.Task later(Duration delay, Runnable task) {
        return server.getScheduler().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void closeUnlessBusy(Connection connection) {
        Client client = open.get(connection);
        if (client != null && client.state() == State.WAITING)
            connection.getEndPoint().close();
    }

    /** Repeatedly closes all connections without a running request, until this thread is interrupted. */
    void closeIdle() {
        try {
            while (true) {
                open.keySet().forEach(this::closeUnlessBusy);
                Thread.sleep(IDLE_LOOK);
            }
        } catch (InterruptedException e) {
            // the server has stopped
        }
    }
}
