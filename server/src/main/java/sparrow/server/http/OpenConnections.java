package sparrow.server.http;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import sparrow.server.message.Json;

/**
 * The open HTTP connections. A connection is closed if its headers are not complete in time, even if it keeps sending.
 * A connection beyond the limit is a spare: it answers probes and rejects all other requests, and is closed after one
 * request or one second. Spares allow a monitor to see that a full server is alive. A quarter of the connections is not
 * available to the client that has the others, so that no client alone shuts out all others.
 *
 * @param patience the maximum time for headers
 * @param max the maximum number of connections without spares
 * @param connected the current number of connections, including spares and WebSockets
 * @param open all connections, with the networks of their clients
 * @param held the number of connections of each network
 * @param busy the connections with a running request
 * @param spare the connections beyond the limit
 */
record OpenConnections(
        Server server,
        Duration patience,
        int max,
        IntSupplier connected,
        Map<Connection, String> open,
        Map<String, Integer> held,
        Set<Connection> busy,
        Set<Connection> spare)
        implements Connection.Listener {
    private static final Duration IDLE_LOOK = Duration.ofMillis(50);
    private static final Duration SPARE_PATIENCE = Duration.ofSeconds(1);
    private static final Set<String> PROBES = Set.of("/healthz", "/readyz");

    OpenConnections(Server server, Duration patience, int max, IntSupplier connected) {
        this(
                server,
                patience,
                max,
                connected,
                new ConcurrentHashMap<>(),
                new ConcurrentHashMap<>(),
                ConcurrentHashMap.newKeySet(),
                ConcurrentHashMap.newKeySet());
    }

    @Override
    public void onOpened(Connection connection) {
        // Ignore the TLS connections below the HTTP connections.
        if (!(connection instanceof ConnectionMetaData)) return;
        String network = network(connection.getEndPoint());
        open.put(connection, network);
        boolean isGreedy = held.merge(network, 1, Integer::sum) > max - max / 4;
        if (isGreedy || connected.getAsInt() - spare.size() > max) {
            spare.add(connection);
            Runnable end = () -> {
                if (!busy.contains(connection)) connection.getEndPoint().close();
            };
            server.getScheduler().schedule(end, SPARE_PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } else {
            watch(connection, new HeaderWatch());
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
        String network = open.remove(connection);
        if (network != null) held.computeIfPresent(network, (_, count) -> count == 1 ? null : count - 1);
        busy.remove(connection);
        spare.remove(connection);
    }

    /** Returns a handler that records which connections have a running request. */
    Handler watched(Handler handler) {
        return new Handler.Wrapper(handler) {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                Connection connection = request.getConnectionMetaData().getConnection();
                busy.add(connection);
                Request.addCompletionListener(request, _ -> busy.remove(connection));
                if (!spare.contains(connection)) return super.handle(request, response, callback);
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

    private void watch(Connection connection, HeaderWatch headers) {
        Runnable look = () -> {
            EndPoint endPoint = connection.getEndPoint();
            boolean isWebSocket = endPoint.getConnection() != connection;
            if (!endPoint.isOpen() || isWebSocket) return;
            if (headers.areLate(connection.getMessagesIn(), connection.getMessagesOut(), connection.getBytesIn())) {
                endPoint.close();
            } else {
                watch(connection, headers);
            }
        };
        server.getScheduler().schedule(look, patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Repeatedly closes all connections without a running request, until this thread is interrupted. */
    void closeIdle() {
        try {
            while (true) {
                for (Connection connection : open.keySet()) {
                    if (!busy.contains(connection)) connection.getEndPoint().close();
                }
                Thread.sleep(IDLE_LOOK);
            }
        } catch (InterruptedException e) {
            // the server has stopped
        }
    }

    /**
     * Checks a connection periodically, because Jetty 12.1 has no event for the first byte of a request and no timeout
     * for its headers.
     */
    static final class HeaderWatch {
        private long requests;
        private long answers;
        private long bytes;
        private boolean begun;

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
}
