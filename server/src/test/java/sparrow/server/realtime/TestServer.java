package sparrow.server.realtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import sparrow.server.metrics.ReplyLog;
import sparrow.server.metrics.ServerMetrics;
import sparrow.server.realtime.session.RealtimeOptions;
import sparrow.server.realtime.session.RealtimeOptions.OnInterrupt;
import sparrow.server.reply.ServedModel;
import sparrow.server.vad.EnergyVad;

/** As much of a server as realtime sessions need. */
public final class TestServer implements AutoCloseable {
    /** The time for which a client may stall. */
    public static final Duration HALF_A_MINUTE = Duration.ofSeconds(30);

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);
    private final ServerMetrics metrics;
    private final RealtimeSessions sessions;

    TestServer(ServedModel served, RealtimeOptions options, Predicate<Optional<String>> admits) {
        metrics = new ServerMetrics(served.id(), served.model().languageModel().layers());
        sessions = new RealtimeSessions(served, options, metrics, ReplyLog.NONE, Clock.systemUTC());
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(WebSocketUpgradeHandler.from(server, container -> {
            container.addMapping("/v1/realtime", new RealtimeUpgrade(sessions, admits));
            container.addMapping("/twilio", TwilioEndpoint.creator(sessions, admits));
        }));
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sessions of an hour that find turns by loudness. */
    public static RealtimeOptions options(int sessions, Duration patience) {
        return new RealtimeOptions(sessions, RealtimeOptions.HOUR, patience, OnInterrupt.KEEP, EnergyVad::new);
    }

    int port() {
        return connector.getLocalPort();
    }

    RealtimeSessions sessions() {
        return sessions;
    }

    String metrics() throws IOException {
        return new String(metrics.text(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        sessions.close();
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
