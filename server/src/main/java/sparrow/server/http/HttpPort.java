package sparrow.server.http;

import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A configured Jetty server that uses virtual threads for requests, a few platform threads for sockets, and sends no
 * server header.
 */
public final class HttpPort implements AutoCloseable {
    /** Maximum number of bytes in a request line and its headers. */
    public static final int HEADER_BYTES = 16 << 10;

    /**
     * Maximum time for the headers of a connection's first request. The headers of later requests may take up to three
     * times as long.
     */
    private static final Duration HEADERS = Duration.ofSeconds(10);

    private static final int MAX_CONNECTIONS = 1024;

    /** Number of connections beyond the limit, which stay open for a second and are only for probes. */
    private static final int SPARE_CONNECTIONS = 256;

    private static final int SOCKET_THREADS = 16;
    private static final int ACCEPTORS = 1;
    private static final int SELECTORS = 1;

    private final Server server;
    private final ServerConnector connector;
    private final OpenConnections connections;

    private HttpPort(Server server, ServerConnector connector, OpenConnections connections) {
        this.server = server;
        this.connector = connector;
        this.connections = connections;
    }

    /**
     * Creates a server that does not listen yet.
     *
     * @param port the port, or 0 for any free port
     * @param tls the certificate for HTTPS, or empty for plain HTTP
     * @param idle the maximum time for which a connection may be idle or a client may read nothing
     * @param patience the maximum time to wait for running requests when the server closes
     */
    public static HttpPort create(String host, int port, Optional<Tls> tls, Duration idle, Duration patience) {
        Scheduler timer = new ScheduledExecutorScheduler("sparrow-http-timer", true);
        return create(host, port, tls, idle, patience, timer, MAX_CONNECTIONS);
    }

    /**
     * Creates a server that does not listen yet.
     *
     * @param timer the scheduler of delayed tasks
     * @param maxConnections the maximum number of connections, not counting connections for probes
     */
    static HttpPort create(
            String host,
            int port,
            Optional<Tls> tls,
            Duration idle,
            Duration patience,
            Scheduler timer,
            int maxConnections) {
        QueuedThreadPool threads = new QueuedThreadPool(SOCKET_THREADS);
        threads.setName("sparrow-http");
        threads.setDaemon(true);
        threads.setVirtualThreadsExecutor(
                task -> Thread.ofVirtual().name("sparrow-call").start(task));
        Server server = new Server(threads, timer, null);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        http.setRequestHeaderSize(HEADER_BYTES);
        tls.ifPresent(_ -> {
            SecureRequestCustomizer secure = new SecureRequestCustomizer();
            // The name in a self-signed certificate often differs from the host name that clients use.
            secure.setSniHostCheck(false);
            http.addCustomizer(secure);
        });
        ServerConnector connector =
                new ServerConnector(server, null, null, null, ACCEPTORS, SELECTORS, factories(http, tls));
        connector.setHost(host);
        connector.setPort(port);
        connector.setIdleTimeout(idle.toMillis());
        // With Java's default of 50, many simultaneous clients would retry after one second, and again after three
        // seconds.
        connector.setAcceptQueueSize(maxConnections);
        // Jetty's default of one second would interrupt streams whose next piece takes longer.
        connector.setShutdownIdleTimeout(patience.toMillis());
        OpenConnections connections =
                new OpenConnections(server, idle.compareTo(HEADERS) < 0 ? idle : HEADERS, maxConnections);
        connector.addBean(connections);
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(maxConnections + SPARE_CONNECTIONS, server));
        server.setErrorHandler(new PlainErrors());
        server.setStopTimeout(patience.toMillis());
        return new HttpPort(server, connector, connections);
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

    /** Returns the Jetty server, for components that need it. */
    public Server server() {
        return server;
    }

    /**
     * Starts listening.
     *
     * @throws BindException if the address cannot be bound, for instance because another process uses it
     * @throws IOException if the server cannot start for another reason
     */
    public void start(Handler handler) throws IOException {
        server.setHandler(connections.watched(handler));
        try {
            server.start();
        } catch (IOException e) {
            close();
            // Jetty wraps the exception in another exception that does not contain the reason.
            throw e.getCause() instanceof BindException taken ? taken : e;
        } catch (Exception e) {
            close();
            throw new IllegalStateException("the server could not start: " + e.getMessage(), e);
        }
    }

    /** Returns the port on which the server listens. */
    public int port() {
        return connector.getLocalPort();
    }

    /** Closes the server like {@link #close()}, but with a different maximum waiting time. */
    public void close(Duration otherPatience) {
        // With a timeout of 0, Jetty would neither wait for clients nor notify them.
        server.setStopTimeout(Math.max(1, otherPatience.toMillis()));
        close();
    }

    /** Stops accepting connections, waits for running requests, and closes the server. */
    @Override
    public void close() {
        // Clients keep connections open for later requests, and Jetty would wait for idle connections as long as for a
        // stream.
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
