package sparrow.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.junit.jupiter.api.Test;
import sparrow.server.metrics.ReplyLog;
import sparrow.server.metrics.ServerMetrics;
import sparrow.server.vad.EnergyVad;

/** Handshakes at the same moment do not make more sessions than there may be. */
class LastPlaceTest {
    private final CompletableFuture<Integer> firstClosed = new CompletableFuture<>();
    private final CompletableFuture<Integer> secondClosed = new CompletableFuture<>();

    @Test
    void oneOfTwoThatFoundTheLastPlaceFreeIsSentAway() {
        try (TalkingModel model = new TalkingModel();
                RealtimeSessions sessions = new RealtimeSessions(
                        model.served(),
                        new RealtimeOptions(1, RealtimeOptions.HOUR, EnergyVad::new),
                        new ServerMetrics("sparrow", 16),
                        ReplyLog.NONE,
                        Clock.systemUTC())) {
            RealtimeEndpoint first = sessions.endpoint(Optional.empty(), () -> 0);
            RealtimeEndpoint second = sessions.endpoint(Optional.empty(), () -> 0);

            first.onWebSocketOpen(socket(firstClosed));
            second.onWebSocketOpen(socket(secondClosed));

            assertThat(secondClosed).succeedsWithin(30, TimeUnit.SECONDS).isEqualTo(1013);
            assertThat(firstClosed).isNotDone();
            first.onWebSocketClose(1000, "", Callback.NOOP);
            second.onWebSocketClose(1013, "", Callback.NOOP);
            assertThat(sessions.count()).isZero();
        }
    }

    /** A connection that takes everything. */
    private static Session socket(CompletableFuture<Integer> closed) {
        return (Session) Proxy.newProxyInstance(
                Session.class.getClassLoader(), new Class<?>[] {Session.class}, (_, method, args) -> {
                    switch (method.getName()) {
                        case "sendText", "sendPing" -> ((Callback) args[1]).succeed();
                        case "close" -> closed.complete((Integer) args[0]);
                        default -> {} // changes nothing here
                    }
                    return nothing(method);
                });
    }

    private static Object nothing(Method method) {
        return method.getReturnType() == boolean.class ? true : null;
    }
}
