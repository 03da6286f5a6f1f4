package sparrow.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** More connections than places. All addresses that begin with 127 belong to this machine. */
@EnabledOnOs(OS.LINUX)
class OpenConnectionsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final String GET = "GET / HTTP/1.1\r\nhost: localhost\r\n";
    private static final String HONEST = "127.0.0.1";

    private final ManualTimer timer = new ManualTimer();
    private final Semaphore begun = new Semaphore(0);
    private final CompletableFuture<Void> goOn = new CompletableFuture<>();
    private final List<Socket> sockets = new ArrayList<>();
    private HttpPort port;

    /** Public, because Jetty calls its methods by name. */
    public static final class Silent extends Session.Listener.AbstractAutoDemanding {}

    private void serve(int places) throws IOException {
        port = HttpPort.create("127.0.0.1", 0, Optional.empty(), PATIENCE, PATIENCE, timer, places);
        WebSocketUpgradeHandler webSockets = WebSocketUpgradeHandler.from(
                port.server(), container -> container.addMapping("/socket", (_, _, _) -> new Silent()));
        webSockets.setHandler(new Router()
                .on("GET", "/*", call -> call.send(200, "text/plain", new byte[0]))
                .on("POST", "/body", call -> call.send(200, "text/plain", call.body(body -> body)))
                .on("GET", "/long", call -> {
                    begun.release();
                    goOn.join();
                    call.send(200, "text/plain", new byte[0]);
                }));
        port.start(webSockets);
    }

    @AfterEach
    void stop() throws IOException {
        goOn.complete(null);
        for (Socket socket : sockets) socket.close();
        port.close();
    }

    private Socket connect(String address) throws IOException {
        Socket socket = new Socket("127.0.0.1", port.port(), InetAddress.getByName(address), 0);
        socket.setSoTimeout(300_000);
        sockets.add(socket);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String read(Socket socket) throws IOException {
        byte[] answer = new byte[1 << 12];
        int count = socket.getInputStream().read(answer);
        return new String(answer, 0, Math.max(0, count), StandardCharsets.ISO_8859_1);
    }

    private static Socket ask(Socket socket) throws IOException {
        send(socket, GET + "\r\n");
        assertThat(read(socket)).startsWith("HTTP/1.1 200");
        return socket;
    }

    /** Begins a request, and waits until the server reads its body. */
    private static Socket begin(Socket socket) throws IOException {
        send(socket, "POST /body HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n");
        assertThat(read(socket)).startsWith("HTTP/1.1 100");
        return socket;
    }

    private static void complete(Socket socket) throws IOException {
        send(socket, "ab");
        assertThat(read(socket)).startsWith("HTTP/1.1 200");
    }

    private Socket askLong(String address) throws Exception {
        Socket socket = connect(address);
        send(socket, "GET /long HTTP/1.1\r\nhost: localhost\r\n\r\n");
        begun.acquire();
        return socket;
    }

    private Socket webSocket(String address) throws IOException {
        Socket socket = connect(address);
        send(
                socket,
                "GET /socket HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n"
                        + "sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");
        assertThat(read(socket)).startsWith("HTTP/1.1 101");
        return socket;
    }

    private static void ping(Socket webSocket) throws IOException {
        send(webSocket, "\u0089\u0080abcd");
        assertThat(webSocket.getInputStream().readNBytes(2)).containsExactly(0x8a, 0);
    }

    /** Without a complete request, connections of several clients take no place from a further client. */
    @ParameterizedTest
    @CsvSource({"2, ''", "8, ''", "2, 'GET'", "8, 'GET'", "2, 'POST'", "8, 'POST'", "2, 'WHOLE'", "8, 'WHOLE'"})
    void severalClientsShutOutNobodyElse(int clients, String begins) throws Exception {
        serve(32);
        String sent = switch (begins) {
            case "GET" -> GET + "x: ";
            case "POST" -> "POST /body HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\n\r\na";
            case "WHOLE" -> GET + "\r\n";
            default -> "";
        };
        for (int i = 0; i < 64; i++) {
            Socket socket = connect("127.0.0." + (2 + i % clients));
            send(socket, sent);
            if (begins.equals("WHOLE")) read(socket);
        }

        ask(ask(connect(HONEST)));
    }

    @Test
    void aClientWithManyConnectionsShutsOutNobodyElse() throws Exception {
        serve(8);
        for (int i = 0; i < 6; i++) ask(connect("127.0.0.2"));
        for (int i = 0; i < 32; i++) connect("127.0.0.2");

        ask(connect(HONEST));
    }

    @Test
    void theConnectionThatHasWaitedLongestIsReplacedAndOnlyOfTheClientWithTheMost() throws Exception {
        serve(4);
        Socket honest = begin(connect(HONEST));
        Socket first = begin(connect("127.0.0.2"));
        Socket second = begin(connect("127.0.0.2"));
        Socket third = begin(connect("127.0.0.2"));
        complete(first);
        begin(first);

        ask(connect("127.0.0.3"));

        assertThat(second.getInputStream().read()).isEqualTo(-1);
        for (Socket other : List.of(honest, first, third)) complete(other);
    }

    /** A client with three quarters of the places replaces its own connections. */
    @Test
    void aClientWithTheMostPlacesReplacesItsOwnConnections() throws Exception {
        serve(4);
        List<Socket> own = new ArrayList<>();
        for (int i = 0; i < 4; i++) own.add(begin(connect("127.0.0.2")));

        assertThat(own.getFirst().getInputStream().read()).isEqualTo(-1);
        for (Socket other : own.subList(1, 4)) complete(other);
    }

    @Test
    void aServerFullOfRunningRequestsAnswersProbesAndRefusesAllElse() throws Exception {
        serve(2);
        List<Socket> running = List.of(askLong("127.0.0.2"), askLong("127.0.0.3"));

        assertThat(whole("/healthz")).startsWith("HTTP/1.1 200").contains("Connection: close");
        assertThat(whole("/v1/models"))
                .startsWith("HTTP/1.1 503")
                .containsPattern("(?i)retry-after: [123]")
                .contains("too many connections are open");

        goOn.complete(null);
        for (Socket socket : running) assertThat(read(socket)).startsWith("HTTP/1.1 200");
    }

    /** The whole answer, up to the end of the connection. */
    private String whole(String path) throws IOException {
        Socket socket = connect(HONEST);
        send(socket, "GET " + path + " HTTP/1.1\r\nhost: localhost\r\n\r\n");
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    @Test
    void aConnectionBeyondTheLimitIsSoonClosed() throws Exception {
        serve(1);
        askLong("127.0.0.2");
        Socket second = connect(HONEST);
        Thread passing = Thread.ofVirtual().start(() -> {
            while (!Thread.currentThread().isInterrupted()) timer.pass();
        });

        assertThat(second.getInputStream().read()).isEqualTo(-1);
        passing.interrupt();
        passing.join();
    }

    @Test
    void aWebSocketIsNotReplaced() throws Exception {
        serve(4);
        List<Socket> webSockets = List.of(webSocket("127.0.0.2"), webSocket("127.0.0.2"), webSocket("127.0.0.2"));
        Socket slow = begin(connect("127.0.0.3"));

        ask(connect(HONEST));

        assertThat(slow.getInputStream().read()).isEqualTo(-1);
        for (Socket webSocket : webSockets) ping(webSocket);
    }

    @Test
    void webSocketsCountAmongTheConnectionsOfTheirClient() throws Exception {
        serve(4);
        for (int i = 0; i < 3; i++) webSocket(HONEST);

        Socket socket = connect(HONEST);
        send(socket, GET + "\r\n");
        assertThat(read(socket)).startsWith("HTTP/1.1 503");
    }

    /** They would refer to the connections. */
    @Test
    void noTaskOutlastsItsConnection() throws Exception {
        serve(32);
        for (int i = 0; i < 32; i++) ask(connect(HONEST)).close();
        for (int i = 0; i < 4; i++) webSocket(HONEST).close();

        while (timer.size() > 0) Thread.onSpinWait();
    }
}
