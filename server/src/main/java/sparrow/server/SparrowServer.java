package sparrow.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import sparrow.server.call.CallPort;
import sparrow.server.http.Access;
import sparrow.server.http.AuthHandler;
import sparrow.server.http.HttpPort;
import sparrow.server.http.RequestLog;
import sparrow.server.http.Router;
import sparrow.server.live.LiveCalls;
import sparrow.server.live.LiveEndpoint;
import sparrow.server.message.HeapShare;
import sparrow.server.metrics.ServerMetrics;
import sparrow.server.realtime.RealtimeCalls;
import sparrow.server.realtime.RealtimeSessions;
import sparrow.server.realtime.RealtimeUpgrade;
import sparrow.server.realtime.TwilioEndpoint;
import sparrow.server.realtime.session.RealtimeOptions;
import sparrow.server.reply.ServedModel;

/**
 * An HTTP server with OpenAI's Chat Completions and Realtime protocols, telephone calls through Twilio, and a page.
 * Closing the server waits for running replies. It does not close the model and the pool, which their owner closes
 * afterwards.
 *
 * {@snippet :
 * ServerMetrics metrics = new ServerMetrics("sparrow-tiny", model.languageModel().layers());
 * try (ConversationPool pool = new ConversationPool(model, PoolOptions.DEFAULT, metrics);
 *         SparrowServer server = SparrowServer.start(served, metrics, ServerOptions.LOCAL)) {
 *     server.ready();
 * }
 * }
 */
public final class SparrowServer implements AutoCloseable {
    private final ServerOptions options;
    private final HttpPort port;
    private final GracefulHandler requests;
    private final RealtimeSessions sessions;
    private final RealtimeCalls calls;
    private final Readiness readiness;

    private SparrowServer(
            ServerOptions options,
            HttpPort port,
            GracefulHandler requests,
            RealtimeSessions sessions,
            RealtimeCalls calls,
            Readiness readiness) {
        this.options = options;
        this.port = port;
        this.requests = requests;
        this.sessions = sessions;
        this.calls = calls;
        this.readiness = readiness;
    }

    /**
     * Starts a server. It answers requests immediately, but reports that it is ready only after {@link #ready} has been
     * called.
     *
     * @param metrics the metrics of requests, replies and the pool
     * @throws IllegalArgumentException if the TLS key or certificate is invalid
     * @throws java.net.BindException if the address cannot be bound, for instance because another process uses it
     * @throws IOException if the server cannot start for another reason
     */
    public static SparrowServer start(ServedModel served, ServerMetrics metrics, ServerOptions options)
            throws IOException {
        HttpPort port =
                HttpPort.create(options.host, options.port, options.tls, ServerOptions.STALLED, ServerOptions.PATIENCE);
        HeapShare.begin();
        Clock clock = Clock.systemUTC();
        RealtimeSessions sessions = new RealtimeSessions(
                served,
                new RealtimeOptions(
                        options.maxSessions,
                        RealtimeOptions.HOUR,
                        ServerOptions.STALLED,
                        options.onInterrupt,
                        options.vads,
                        options.requestLog),
                metrics,
                options.log,
                clock);
        Readiness readiness = new Readiness(served.pool(), sessions);
        metrics.watch(served.pool()::status, options.maxSessions, readiness::freeSessions);
        Access access = new Access(options.apiKey, options.allowedOrigins, options.host);
        WebSocketUpgradeHandler routes = WebSocketUpgradeHandler.from(port.server(), container -> {
            container.addMapping(Routes.REALTIME, new RealtimeUpgrade(sessions, access::admits));
            container.addMapping(Routes.LIVE, LiveEndpoint.creator(sessions, access::admits, options.liveLead));
            container.addMapping(Routes.TWILIO, TwilioEndpoint.creator(sessions, access::admits));
        });
        RealtimeCalls calls;
        try {
            calls = new RealtimeCalls(sessions, access::admits, callPort(options));
        } catch (IOException | RuntimeException e) {
            sessions.close();
            throw e;
        }
        LiveCalls liveCalls = new LiveCalls(sessions, calls, options.liveLead);
        Router router = Routes.of(served, metrics, readiness, sessions.secrets(), calls, liveCalls, options, clock);
        GracefulHandler requests = new GracefulHandler(router) {
            @Override
            protected void handleShutdownRejection(Request request, Response response, Callback callback) {
                if (Routes.answersWhileClosing(request.getHttpURI().getCanonicalPath())) {
                    router.handle(request, response, callback);
                } else {
                    super.handleShutdownRejection(request, response, callback);
                }
            }
        };
        routes.setHandler(requests);
        try {
            port.start(new Handler.Wrapper(new AuthHandler(access, Routes.open(options), routes)) {
                @Override
                public boolean handle(Request request, Response response, Callback callback) throws Exception {
                    Request.addCompletionListener(request, _ -> {
                        metrics.answered(response.getStatus());
                        if (options.requestLog) RequestLog.log(request, response);
                    });
                    return super.handle(request, response, callback);
                }
            });
        } catch (IOException | RuntimeException e) {
            calls.close();
            sessions.close();
            throw e;
        }
        return new SparrowServer(options, port, requests, sessions, calls, readiness);
    }

    private static Optional<CallPort> callPort(ServerOptions options) throws IOException {
        if (options.calls.isEmpty()) return Optional.empty();
        InetAddress address = InetAddress.getByName(options.host);
        return Optional.of(options.calls.get().open(address, options.callPort, options.callAddress));
    }

    /** Makes the server report that it is ready, because the model has warmed up. */
    public void ready() {
        readiness.ready();
    }

    /** Returns the server's address, such as {@code http://127.0.0.1:8080}. */
    public URI address() {
        String host = options.host.contains(":") ? "[" + options.host + "]" : options.host;
        return URI.create((options.tls.isPresent() ? "https://" : "http://") + host + ":" + port.port());
    }

    /** Returns the UDP port of calls over WebRTC, or empty if the server accepts no calls. */
    public OptionalInt callPort() {
        return calls.port();
    }

    /**
     * Closes the server. New requests are rejected, spoken conversations continue for the time set by
     * {@link ServerOptions#withDrain}, running replies are completed, and then the spoken conversations are closed.
     */
    @Override
    public void close() {
        readiness.closing();
        // Requests are rejected before sessions drain.
        requests.shutdown();
        // After a failure of the model, no conversation can continue.
        if (sessions.failure().isEmpty()) sessions.drain(options.drain);
        long end = System.nanoTime() + ServerOptions.PATIENCE.toNanos();
        sessions.finish(ServerOptions.PATIENCE);
        sessions.close();
        calls.close();
        port.close(Duration.ofNanos(end - System.nanoTime()));
    }
}
