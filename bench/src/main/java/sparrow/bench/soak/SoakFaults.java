package sparrow.bench.soak;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeoutException;
import sparrow.bench.load.ClientEvents;
import sparrow.bench.load.Recording;
import sparrow.bench.load.TurnTaking;

/** Injects {@link Fault}s. Requests are written byte by byte because HTTP clients do not send invalid requests. */
final class SoakFaults {
    private static final String UPGRADE = "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n"
            + "sec-websocket-key: c3BhcnJvdyBhbmQgc29haw==\r\n";
    private static final int SECOND = 1000;

    /** Length of a frame with 14.3 MiB of silence in base64, below all documented limits of a frame. */
    private static final int HUGE = 20_000_000;

    private final SoakServer server;
    private final List<Recording> questions;

    SoakFaults(SoakServer server, List<Recording> questions) {
        this.server = server;
        this.questions = questions;
    }

    /**
     * Injects a fault, which may take a minute.
     *
     * @return a brief description of the result
     * @throws IOException if the server is not running
     * @throws IllegalStateException if the server behaved incorrectly
     */
    String inject(Fault fault, SplittableRandom random) throws IOException, InterruptedException {
        if (!server.isUp()) throw new IOException("the server is not running");
        return switch (fault) {
            case CUT -> cut(random);
            case STALLED_READER -> stall(random);
            case SLOW_HEADERS -> trickle("GET /v1/models HTTP/1.1\r\nhost: 127.0.0.1\r\nx-slow: ");
            case SLOW_BODY ->
                trickle(head("POST", "/v1/chat/completions", server.key())
                        + "content-type: application/json\r\ncontent-length: 20000\r\n\r\n{\"model\":\"");
            case HUGE_FRAMES -> hugeFrames();
            case WRONG_KEY -> wrongKey(random);
            case FULL_DISK -> fillDisk(random);
            case VOCODER -> breakVocoder();
            case RESTART -> restart();
        };
    }

    private String cut(SplittableRandom random) throws IOException {
        try (Socket socket = realtime(1 << 16)) {
            ask(socket, random);
            int wanted = random.nextInt(2_000, 100_000);
            socket.setSoTimeout(20 * SECOND);
            int got = socket.getInputStream().readNBytes(wanted).length;
            socket.setSoLinger(true, 0);
            return got < wanted ? "closed by the server" : "after " + wanted / 1000 + " kB";
        } catch (SocketTimeoutException e) {
            return "without receiving anything";
        }
    }

    private String stall(SplittableRandom random) throws IOException, InterruptedException {
        long start = System.nanoTime();
        try (Socket socket = realtime(1 << 10)) {
            for (int i = 0; i < 30; i++) {
                ask(socket, random);
                Thread.sleep(2 * SECOND);
            }
            return "held for a minute";
        } catch (IOException e) {
            return "closed by the server after " + seconds(start);
        }
    }

    /** Sends {@code beginning}, and then one character per second until the server answers or closes the connection. */
    private String trickle(String beginning) throws IOException {
        try (Socket socket = open(1 << 16)) {
            write(socket, beginning);
            long start = System.nanoTime();
            socket.setSoTimeout(SECOND);
            for (int i = 0; i < 60; i++) {
                String answer = answer(socket);
                if (answer != null) return answer + " after " + seconds(start);
                try {
                    write(socket, "a");
                } catch (IOException e) {
                    return "closed after " + seconds(start);
                }
            }
            throw new IllegalStateException("expected the server to end the connection within a minute");
        }
    }

    private String hugeFrames() throws IOException {
        byte[] frame = new byte[HUGE];
        Arrays.fill(frame, (byte) 'A');
        byte[] start = "{\"type\":\"input_audio_buffer.append\",\"audio\":\"".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(start, 0, frame, 0, start.length);
        int sound = (HUGE - start.length - 2) / 8 * 8;
        frame[start.length + sound] = '"';
        Arrays.fill(frame, start.length + sound + 1, HUGE, (byte) ' ');
        frame[HUGE - 1] = '}';
        try (Socket socket = realtime(1 << 16)) {
            for (int i = 0; i < 3; i++) send(socket, frame);
            socket.setSoTimeout(10 * SECOND);
            InputStream in = socket.getInputStream();
            StringBuilder heard = new StringBuilder();
            try {
                for (int read = in.read(); read >= 0 && heard.length() < 100_000; read = in.read()) {
                    heard.append((char) read);
                }
            } catch (SocketTimeoutException e) {
                // The server sends no more data.
            }
            int code = heard.indexOf("\"code\":\"");
            return code < 0 ? "taken" : heard.substring(code + 8, heard.indexOf("\"", code + 8));
        }
    }

    private String wrongKey(SplittableRandom random) throws IOException {
        for (String path : List.of("/v1/models", "/v1/realtime", "/metrics")) {
            try (Socket socket = open(1 << 16)) {
                write(socket, head("GET", path, "wrong-" + random.nextInt()) + UPGRADE + "\r\n");
                socket.setSoTimeout(20 * SECOND);
                String answer = answer(socket);
                if (!"401".equals(answer)) throw new IllegalStateException(path + ": expected 401, got " + answer);
            }
        }
        return "401";
    }

    private String fillDisk(SplittableRandom random) throws IOException, InterruptedException {
        Path fill = server.disk().resolve("fill");
        try {
            try (OutputStream out = Files.newOutputStream(fill)) {
                byte[] block = new byte[1 << 12];
                while (true) out.write(block);
            } catch (IOException full) {
                Thread.sleep(random.nextInt(20, 60) * SECOND);
            }
            return Files.size(fill) / 1_000_000 + " MB written";
        } finally {
            Files.deleteIfExists(fill);
        }
    }

    private String breakVocoder() throws IOException, InterruptedException {
        try {
            server.breakVocoder(Duration.ofSeconds(30));
            return "one reply failed";
        } catch (TimeoutException e) {
            return e.getMessage();
        }
    }

    private String restart() throws IOException, InterruptedException {
        long start = System.nanoTime();
        if (!server.restart()) throw new IllegalStateException("the server did not exit after SIGTERM");
        return "ready after " + seconds(start);
    }

    /** Sends an entire recording, and requests an answer. */
    private void ask(Socket socket, SplittableRandom random) throws IOException {
        send(socket, ClientEvents.session(TurnTaking.MANUAL));
        for (String append : questions.get(random.nextInt(questions.size())).appends()) send(socket, append);
        send(socket, ClientEvents.COMMIT);
        send(socket, ClientEvents.CREATE);
    }

    private Socket open(int receiveBuffer) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(receiveBuffer);
        socket.connect(new InetSocketAddress("127.0.0.1", server.port()), 10 * SECOND);
        return socket;
    }

    private Socket realtime(int receiveBuffer) throws IOException {
        Socket socket = open(receiveBuffer);
        write(socket, head("GET", "/v1/realtime", server.key()) + UPGRADE + "\r\n");
        socket.setSoTimeout(20 * SECOND);
        String status = answer(socket);
        if ("101".equals(status)) return socket;
        socket.close();
        throw new IOException("expected a WebSocket, got " + status);
    }

    private static String head(String method, String path, String key) {
        return method + " " + path + " HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer " + key + "\r\n";
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void send(Socket socket, String event) throws IOException {
        send(socket, event.getBytes(StandardCharsets.US_ASCII));
    }

    /** Sends a text frame. A zero mask leaves the bytes unchanged. */
    private static void send(Socket socket, byte[] event) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(14)
                .put((byte) 0x81)
                .put((byte) 0xff)
                .putLong(event.length)
                .putInt(0);
        socket.getOutputStream().write(header.array());
        socket.getOutputStream().write(event);
    }

    /** Returns the status of an answer, "closed" if there is no more data, or null after the socket's timeout. */
    private static String answer(Socket socket) throws IOException {
        try {
            String line = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            return line.length() < 12 ? "closed" : line.substring(9);
        } catch (SocketTimeoutException e) {
            return null;
        }
    }

    private static String seconds(long start) {
        return (System.nanoTime() - start) / 1_000_000_000 + " s";
    }
}
