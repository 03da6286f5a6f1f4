package sparrow.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import sparrow.server.message.HeapShare;

/** Clients that take their time: some must not, and some may. */
class HttpPortTest {
    private static final int PIECES = 400;
    private static final Logger LOG = Logger.getLogger("sparrow.server");

    /** The time that requests under way are waited for. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final Duration SOON = PATIENCE.dividedBy(2);

    private static HttpPort port(Duration idle) {
        return HttpPort.create("127.0.0.1", 0, Optional.empty(), idle, PATIENCE);
    }

    private static HttpPort port(ManualTimer timer) {
        return port(timer, 1000);
    }

    private static HttpPort port(ManualTimer timer, int maxConnections) {
        return HttpPort.create("127.0.0.1", 0, Optional.empty(), PATIENCE, PATIENCE, timer, maxConnections);
    }

    private static Socket connect(HttpPort port) throws IOException {
        Socket socket = new Socket("127.0.0.1", port.port());
        socket.setSoTimeout(300_000);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void headersThatTrickleEndTheConnection() throws Exception {
        ManualTimer timer = new ManualTimer();
        try (HttpPort port = port(timer)) {
            port.start(new Router().on("GET", "/", exchange -> exchange.send(200, "text/plain", new byte[0])));
            try (Socket socket = connect(port)) {
                send(socket, "GET / HTTP/1.1\r\nhost: localhost\r\nx: ");

                assertThat(isCut(socket, timer::pass)).isTrue();
            }
        }
    }

    @Test
    void laterHeadersThatTrickleEndTheConnectionToo() throws Exception {
        ManualTimer timer = new ManualTimer();
        try (HttpPort port = port(timer)) {
            port.start(new Router().on("GET", "/", exchange -> exchange.send(200, "text/plain", new byte[0])));
            try (Socket socket = connect(port)) {
                ask(socket);
                send(socket, "GET / HTTP/1.1\r\nhost: localhost\r\nx: ");

                assertThat(isCut(socket, timer::pass)).isTrue();
            }
        }
    }

    /** It is no failure of the server, although Jetty reports one. */
    @Test
    void aConnectionThatEndsDuringItsHeadersIsNotLogged() throws Exception {
        Queue<String> lines = new ConcurrentLinkedQueue<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        CountDownLatch reported = new CountDownLatch(1);
        LOG.addHandler(handler);
        try (HttpPort port = port(Duration.ofMillis(500))) {
            port.server().setErrorHandler(new PlainErrors() {
                @Override
                protected void generateResponse(
                        Request request,
                        Response response,
                        int code,
                        String message,
                        Throwable cause,
                        Callback callback) {
                    super.generateResponse(request, response, code, message, cause, callback);
                    reported.countDown();
                }
            });
            port.start(new Router().on("GET", "/", exchange -> exchange.send(200, "text/plain", new byte[0])));
            try (Socket socket = connect(port)) {
                String whole = "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";
                send(socket, whole + "GET / HTTP/1.1\r\nhost: localhost\r\nx: ");

                assertThat(read(socket.getInputStream())).startsWith("HTTP/1.1 200");
            }
            assertThat(reported.await(5, TimeUnit.MINUTES)).isTrue();
        } finally {
            LOG.removeHandler(handler);
        }
        assertThat(lines).isEmpty();
    }

    @Test
    void aConnectionThatAsksAgainAndAgainStaysOpen() throws Exception {
        ManualTimer timer = new ManualTimer();
        try (HttpPort port = port(timer)) {
            port.start(new Router().on("GET", "/", exchange -> exchange.send(200, "text/plain", new byte[0])));
            try (Socket socket = connect(port)) {
                for (int i = 0; i < 12; i++) {
                    ask(socket);
                    timer.pass();
                }
            }
        }
    }

    @Test
    void anAnswerLongerThanItsShareIsSent() throws Exception {
        byte[] answer = new byte[(int) HeapShare.ANSWERS.limit() + 1];
        try (HttpPort port = port(PATIENCE)) {
            port.start(new Router().on("GET", "/", call -> call.send(200, "text/plain", answer)));
            try (Socket socket = connect(port)) {
                send(socket, "GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");

                assertThat(read(socket.getInputStream()))
                        .startsWith("HTTP/1.1 200")
                        .hasSizeGreaterThan(answer.length);
            }
        }
        assertThat(HeapShare.ANSWERS.used()).isZero();
    }

    @Test
    void aBodyIsNotTakenForTheHeadersBehindIt() {
        HeaderWatch watch = new HeaderWatch();

        assertThat(watch.areLate(1, 0, 100)).as("in the body").isFalse();
        for (int look = 0; look < 3; look++) {
            assertThat(watch.areLate(1, 1, 900)).as("idle behind the answer").isFalse();
        }
        assertThat(watch.areLate(1, 1, 901)).as("headers begin").isFalse();
        assertThat(watch.areLate(1, 1, 902)).as("they trickle").isTrue();
    }

    private static void ask(Socket socket) throws IOException {
        send(socket, "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n");
        byte[] answer = new byte[1 << 12];
        int count = socket.getInputStream().read(answer);
        assertThat(count).isPositive();
        assertThat(new String(answer, 0, count, StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 200");
    }

    /** Sends a byte every tenth of a second, for a minute at most. */
    private static boolean isCut(Socket socket, Runnable meanwhile) throws InterruptedException {
        for (int i = 0; i < 600; i++) {
            Thread.sleep(100);
            meanwhile.run();
            try {
                send(socket, "a");
            } catch (IOException e) {
                return true;
            }
        }
        return false;
    }

    /** A stream that is longer than what fits into the buffers between both, and a client that reads nothing of it for a while. */
    @Test
    void streamUnderWayIsWholeThoughTheServerShutsDownAndItsClientPauses() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        HttpPort port = port(PATIENCE);
        port.start(new GracefulHandler(new Router().on("GET", "/stream", exchange -> {
            EventStream events = exchange.events();
            begun.countDown();
            for (int i = 0; i < PIECES; i++) events.send("x".repeat(1 << 16));
            events.done();
        })));
        try (Socket socket = connect(port)) {
            socket.setReceiveBufferSize(1 << 16);
            send(socket, "GET /stream HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
            assertThat(begun.await(5, TimeUnit.MINUTES)).isTrue();
            Thread closing = Thread.ofVirtual().start(port::close);
            Thread.sleep(1_800);

            String all = read(socket.getInputStream());

            assertThat(all.length()).isGreaterThan(PIECES << 16);
            assertThat(all).contains("data: [DONE]");
            assertThat(closing.join(SOON)).isTrue();
        }
    }

    /** As clients keep it for their next request; a stream beside it goes on. */
    @Test
    void noConnectionWithoutARequestHoldsTheEnd() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Void> goOn = new CompletableFuture<>();
        HttpPort port = port(PATIENCE);
        port.start(new GracefulHandler(new Router()
                .on("GET", "/", exchange -> exchange.send(200, "text/plain", new byte[0]))
                .on("GET", "/stream", exchange -> {
                    EventStream events = exchange.events();
                    events.send("one");
                    begun.countDown();
                    goOn.join();
                    events.send("two");
                    events.done();
                })));
        try (Socket idle = connect(port);
                Socket socket = connect(port)) {
            ask(idle);
            send(socket, "GET /stream HTTP/1.1\r\nhost: localhost\r\n\r\n");
            assertThat(begun.await(5, TimeUnit.MINUTES)).isTrue();
            Thread closing = Thread.ofVirtual().start(port::close);

            assertThat(idle.getInputStream().read()).isEqualTo(-1);
            goOn.complete(null);

            assertThat(read(socket.getInputStream())).contains("one", "two", "data: [DONE]");
            assertThat(closing.join(SOON)).isTrue();
        }
    }

    private static String read(InputStream in) throws IOException {
        try {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (SocketException e) {
            return "reset";
        }
    }
}
