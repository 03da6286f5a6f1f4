package sparrow.server.http;

import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Jetty, set up: virtual threads for calls, few platform threads for sockets, no word about itself. */
public final class HttpPort implements AutoCloseable {
    /** Of a request line with its headers. */
    public static final int HEADER_BYTES = 16 << 10;

    /** The time that the headers of a connection's first request may take; those of later ones up to three times as long. */
    private static final Duration HEADERS = Duration.ofSeconds(10);

    private static final int MOST_CONNECTIONS = 1024;
    private static final int SOCKET_THREADS = 16;
    private static final int ACCEPTORS = 1;
    private static final int SELECTORS = 1;

    private static final Duration IDLE_LOOK = Duration.ofMillis(50);

    private final Server server;
    private final ServerConnector connector;
    private final OpenConnections connections;

    private HttpPort(Server server, ServerConnector connector, OpenConnections connections) {
        this.server = server;
        this.connector = connector;
        this.connections = connections;
    }

    /**
     * A server that does not listen yet.
     *
     * @param port 0 for any
     * @param tls for HTTPS; plain HTTP without
     * @param idle how long a connection may be silent, and a client take nothing of what is sent to it
     * @param patience how long requests under way are waited for at the end
     */
    public static HttpPort create(String host, int port, Optional<Tls> tls, Duration idle, Duration patience) {
        QueuedThreadPool threads = new QueuedThreadPool(SOCKET_THREADS);
        threads.setName("sparrow-http");
        threads.setDaemon(true);
        threads.setVirtualThreadsExecutor(
                task -> Thread.ofVirtual().name("sparrow-call").start(task));
        Server server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        http.setRequestHeaderSize(HEADER_BYTES);
        tls.ifPresent(_ -> {
            SecureRequestCustomizer secure = new SecureRequestCustomizer();
            // The name in a certificate of one's own is seldom the one that is called.
            secure.setSniHostCheck(false);
            http.addCustomizer(secure);
        });
        ServerConnector connector =
                new ServerConnector(server, null, null, null, ACCEPTORS, SELECTORS, factories(http, tls));
        connector.setHost(host);
        connector.setPort(port);
        connector.setIdleTimeout(idle.toMillis());
        // Jetty's own second would cut streams whose next piece takes longer.
        connector.setShutdownIdleTimeout(patience.toMillis());
        OpenConnections connections = new OpenConnections(server, idle.compareTo(HEADERS) < 0 ? idle : HEADERS);
        connector.addBean(connections);
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(MOST_CONNECTIONS, server));
        server.setErrorHandler(new PlainErrors());
        server.setStopTimeout(patience.toMillis());
        return new HttpPort(server, connector, connections);
    }

    /**
     * The open connections of HTTP. Those without complete headers in time are closed, however busily they send.
     *
     * @param patience with headers
     * @param open all of them
     * @param busy those with a request under way
     */
    private record OpenConnections(Server server, Duration patience, Set<Connection> open, Set<Connection> busy)
            implements Connection.Listener {
        OpenConnections(Server server, Duration patience) {
            this(server, patience, ConcurrentHashMap.newKeySet(), ConcurrentHashMap.newKeySet());
        }

        @Override
        public void onOpened(Connection connection) {
            // Of HTTP, not TLS below it.
            if (!(connection instanceof ConnectionMetaData)) return;
            open.add(connection);
            watch(new HeaderWatch(connection));
        }

        @Override
        public void onClosed(Connection connection) {
            open.remove(connection);
            busy.remove(connection);
        }

        /** The same handler, of whose requests is known how long they take. */
        Handler watched(Handler handler) {
            return new Handler.Wrapper(handler) {
                @Override
                public boolean handle(Request request, Response response, Callback callback) throws Exception {
                    Connection connection = request.getConnectionMetaData().getConnection();
                    busy.add(connection);
                    Request.addCompletionListener(request, _ -> busy.remove(connection));
                    return super.handle(request, response, callback);
                }
            };
        }

        private void watch(HeaderWatch headers) {
            Runnable look = () -> {
                if (headers.isOver()) return;
                if (headers.areLate()) headers.close();
                else watch(headers);
            };
            server.getScheduler().schedule(look, patience.toNanos(), TimeUnit.NANOSECONDS);
        }

        /** Closes those without a request under way, until this thread is interrupted. */
        void closeIdle() {
            try {
                while (true) {
                    for (Connection connection : open) {
                        if (!busy.contains(connection)) connection.getEndPoint().close();
                    }
                    Thread.sleep(IDLE_LOOK);
                }
            } catch (InterruptedException e) {
                // The server has ended.
            }
        }
    }

    /** Looks at a connection from time to time, since Jetty 12.1 has no event for the first byte of a request, and no limit for its headers. */
    static final class HeaderWatch {
        private final Connection connection;
        private long requests;
        private long answers;
        private long bytes;
        private boolean begun;

        HeaderWatch(Connection connection) {
            this.connection = connection;
        }

        /** True once it is closed, or became a WebSocket. */
        boolean isOver() {
            EndPoint endPoint = connection.getEndPoint();
            return !endPoint.isOpen() || endPoint.getConnection() != connection;
        }

        boolean areLate() {
            return areLate(connection.getMessagesIn(), connection.getMessagesOut(), connection.getBytesIn());
        }

        /** True if headers were begun before the last look, or are the first, and are not complete. */
        boolean areLate(long in, long out, long count) {
            if (in == 0) return true;
            // Bytes since a look before the answer may be the body that was answered.
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

        void close() {
            connection.getEndPoint().close();
        }
    }

    private static ConnectionFactory[] factories(HttpConfiguration http, Optional<Tls> tls) {
        HttpConnectionFactory plain = new HttpConnectionFactory(http);
        if (tls.isEmpty()) return new ConnectionFactory[] {plain};
        SslContextFactory.Server ssl = new SslContextFactory.Server();
        ssl.setKeyStorePath(tls.get().keystore().toUri().toString());
        ssl.setKeyStorePassword(tls.get().password());
        ssl.setKeyStoreType("PKCS12");
        return new ConnectionFactory[] {new SslConnectionFactory(ssl, plain.getProtocol()), plain};
    }

    /** Jetty's server, for what must be made with it. */
    public Server server() {
        return server;
    }

    /**
     * Listens.
     *
     * @throws BindException if it cannot listen there, for instance because another process does
     * @throws IOException if it cannot for another reason
     */
    public void start(Handler handler) throws IOException {
        server.setHandler(connections.watched(handler));
        try {
            server.start();
        } catch (IOException e) {
            close();
            // Jetty wraps it in one that tells no reason.
            throw e.getCause() instanceof BindException taken ? taken : e;
        } catch (Exception e) {
            close();
            throw new IllegalStateException("the server could not start: " + e.getMessage(), e);
        }
    }

    /** The port it listens on. */
    public int port() {
        return connector.getLocalPort();
    }

    /** The same, but waits otherwise. */
    public void close(Duration otherPatience) {
        // Without a time, no client would be waited for or told.
        server.setStopTimeout(Math.max(1, otherPatience.toMillis()));
        close();
    }

    /** Takes no new connections, waits for requests under way, and ends. */
    @Override
    public void close() {
        // Clients keep connections for later requests, and Jetty would wait for them as long as for a stream.
        Thread idle = Thread.ofVirtual().name("sparrow-idle").start(connections::closeIdle);
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the server could not be stopped: " + e.getMessage(), e);
        } finally {
            idle.interrupt();
        }
    }
}
