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

/** Jetty, set up: virtual threads for calls, few platform threads for sockets, no word about itself. */
public final class HttpPort implements AutoCloseable {
    /** Of a request line with its headers. */
    public static final int HEADER_BYTES = 16 << 10;

    /** The time that the headers of a connection's first request may take; those of later ones up to three times as long. */
    private static final Duration HEADERS = Duration.ofSeconds(10);

    private static final int MOST_CONNECTIONS = 1024;

    /** Connections beyond, which stay for a second and carry a probe only. */
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
     * A server that does not listen yet.
     *
     * @param port 0 for any
     * @param tls for HTTPS; plain HTTP without
     * @param idle how long a connection may be silent, and a client take nothing of what is sent to it
     * @param patience how long running requests are waited for at the end
     */
    public static HttpPort create(String host, int port, Optional<Tls> tls, Duration idle, Duration patience) {
        Scheduler timer = new ScheduledExecutorScheduler("sparrow-http-timer", true);
        return create(host, port, tls, idle, patience, timer, MOST_CONNECTIONS);
    }

    /**
     * @param timer of all that happens later
     * @param mostConnections at once, besides those of probes
     */
    static HttpPort create(
            String host,
            int port,
            Optional<Tls> tls,
            Duration idle,
            Duration patience,
            Scheduler timer,
            int mostConnections) {
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
            // The name in a certificate of one's own is seldom the one that is called.
            secure.setSniHostCheck(false);
            http.addCustomizer(secure);
        });
        ServerConnector connector =
                new ServerConnector(server, null, null, null, ACCEPTORS, SELECTORS, factories(http, tls));
        connector.setHost(host);
        connector.setPort(port);
        connector.setIdleTimeout(idle.toMillis());
        // Java's own 50 would let many that connect at once try again after a second, then after three.
        connector.setAcceptQueueSize(mostConnections);
        // Jetty's own second would cut streams whose next piece takes longer.
        connector.setShutdownIdleTimeout(patience.toMillis());
        OpenConnections connections = new OpenConnections(
                server,
                idle.compareTo(HEADERS) < 0 ? idle : HEADERS,
                () -> connector.getConnectedEndPoints().size() > mostConnections);
        connector.addBean(connections);
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(mostConnections + SPARE_CONNECTIONS, server));
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
            // Jetty wraps it in one without a reason.
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
        // Without a time, no client would be waited for or notified.
        server.setStopTimeout(Math.max(1, otherPatience.toMillis()));
        close();
    }

    /** Takes no new connections, waits for running requests, and ends. */
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
