package sparrow.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.junit.jupiter.api.Test;
import sparrow.server.metrics.ReplyLog;
import sparrow.server.metrics.ServerMetrics;
import sparrow.server.realtime.session.TalkingModel;

/** Sessions begin while others do, and while the clock of all of them ticks. */
class OpeningTest {
    private final CompletableFuture<Integer> firstClosed = new CompletableFuture<>();
    private final CompletableFuture<Integer> secondClosed = new CompletableFuture<>();

    /** A session that begins sends two events, and one that broke says goodbye. */
    private final Semaphore begun = new Semaphore(0);

    private final Semaphore demanded = new Semaphore(0);

    /** With room for one session. */
    private static RealtimeSessions oneOf(TalkingModel model) {
        return new RealtimeSessions(
                model.served(),
                TestServer.options(1, TestServer.HALF_A_MINUTE),
                new ServerMetrics("sparrow", 16),
                ReplyLog.NONE,
                Clock.systemUTC());
    }

    @Test
    void oneOfTwoThatFoundTheLastPlaceFreeIsSentAway() {
        try (TalkingModel model = new TalkingModel();
                RealtimeSessions sessions = oneOf(model)) {
            RealtimeEndpoint first =
                    new RealtimeEndpoint(sessions, sessions.opening(Optional.empty(), Optional.empty(), () -> 0));
            RealtimeEndpoint second =
                    new RealtimeEndpoint(sessions, sessions.opening(Optional.empty(), Optional.empty(), () -> 0));

            first.onWebSocketOpen(socket(firstClosed));
            second.onWebSocketOpen(socket(secondClosed));

            assertThat(secondClosed).succeedsWithin(5, TimeUnit.MINUTES).isEqualTo(1013);
            assertThat(firstClosed).isNotDone();
            first.onWebSocketClose(1000, "", Callback.NOOP);
            second.onWebSocketClose(1013, "", Callback.NOOP);
            assertThat(sessions.count()).isZero();
        }
    }

    @Test
    void aSessionThatBeginsWhenThePoolIsClosedIsSentAway() {
        try (TalkingModel model = new TalkingModel();
                RealtimeSessions sessions = oneOf(model)) {
            model.pool().close();
            RealtimeEndpoint endpoint =
                    new RealtimeEndpoint(sessions, sessions.opening(Optional.empty(), Optional.empty(), () -> 0));

            endpoint.onWebSocketOpen(socket(firstClosed));

            assertThat(firstClosed).succeedsWithin(5, TimeUnit.MINUTES).isEqualTo(1001);
            endpoint.onWebSocketClose(1001, "", Callback.NOOP);
        }
    }

    @Test
    void aCallThatIsRefusedBeginsNoMore() throws InterruptedException {
        try (TalkingModel model = new TalkingModel();
                RealtimeSessions sessions = oneOf(model)) {
            TwilioEndpoint call = call(sessions);

            send(call, TwilioTest.CONNECTED);
            send(call, TwilioTest.started("wrong"));
            send(call, TwilioTest.started("secret"));

            CompletableFuture<Integer> open = new CompletableFuture<>();
            call.inTurn(() -> open.complete(sessions.count()));
            assertThat(open).succeedsWithin(5, TimeUnit.MINUTES).isEqualTo(0);
            assertThat(firstClosed).succeedsWithin(5, TimeUnit.MINUTES).isEqualTo(1008);
            call.onWebSocketClose(1008, "", Callback.NOOP);
        }
    }

    /** The client's answer comes behind frames that were on their way. */
    @Test
    void behindAGoodbyeEverythingIsRead() throws InterruptedException {
        try (TalkingModel model = new TalkingModel();
                RealtimeSessions sessions = oneOf(model)) {
            TwilioEndpoint call = call(sessions);
            send(call, TwilioTest.CONNECTED);
            send(call, TwilioTest.started("secret"));
            send(call, "{\"event\":\"stop\",\"streamSid\":\"MZ1\"}");
            assertThat(firstClosed).succeedsWithin(5, TimeUnit.MINUTES).isEqualTo(1000);

            for (int i = 0; i < 50; i++) send(call, TwilioTest.media(new byte[160]));

            call.onWebSocketClose(1000, "", Callback.NOOP);
        }
    }

    private TwilioEndpoint call(RealtimeSessions sessions) {
        TwilioEndpoint call = new TwilioEndpoint(sessions, key -> key.equals(Optional.of("secret")), "req_1", () -> 0);
        call.onWebSocketOpen(socket(firstClosed));
        return call;
    }

    /** Sends a frame once it is asked for. */
    private void send(TwilioEndpoint call, String frame) throws InterruptedException {
        assertThat(demanded.tryAcquire(5, TimeUnit.MINUTES)).isTrue();
        call.onWebSocketPartialText(frame, true);
    }

    @Test
    void aSessionThatBeginsWhileTheClockTicksIsNotBroken() throws InterruptedException {
        try (TalkingModel model = new TalkingModel();
                RealtimeSessions sessions = oneOf(model)) {
            for (int i = 0; i < 100; i++) {
                CompletableFuture<Integer> closed = new CompletableFuture<>();
                RealtimeEndpoint endpoint =
                        new RealtimeEndpoint(sessions, sessions.opening(Optional.empty(), Optional.empty(), () -> 0));
                Thread clock = Thread.ofPlatform().start(() -> {
                    while (sessions.count() == 0) Thread.onSpinWait();
                    endpoint.tick();
                });
                endpoint.onWebSocketOpen(socket(closed));
                clock.join();
                begun.acquire();
                endpoint.onWebSocketClose(1000, "", Callback.NOOP);
                assertThat(closed).succeedsWithin(5, TimeUnit.MINUTES).isEqualTo(1000);
                begun.drainPermits();
            }
        }
    }

    /** A connection that takes everything. */
    private Session socket(CompletableFuture<Integer> closed) {
        return (Session) Proxy.newProxyInstance(
                Session.class.getClassLoader(), new Class<?>[] {Session.class}, (_, method, args) -> {
                    switch (method.getName()) {
                        case "sendText", "sendPing" -> {
                            begun.release();
                            ((Callback) args[1]).succeed();
                        }
                        case "close" -> {
                            begun.release();
                            closed.complete((Integer) args[0]);
                        }
                        case "demand" -> demanded.release();
                        default -> {} // changes nothing here
                    }
                    return nothing(method);
                });
    }

    private static Object nothing(Method method) {
        return method.getReturnType() == boolean.class ? true : null;
    }
}
