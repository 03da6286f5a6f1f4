package sparrow.server;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Floods a server with legal but huge requests while a probe asks for its health and an innocent client chats. Run alone, it prints what
 * became of all of them:
 *
 * <pre>java -cp server/target/test-classes sparrow.server.Flood http://127.0.0.1:8080 frames examples/q01.wav</pre>
 */
public final class Flood {
    private static final int PATIENCE_MS = 180_000;

    /** Chats before a flood. Until the JIT has compiled the kernels, a chat takes seconds even without a flood. */
    private static final int WARM_UP = 30;

    /** The floods come from another address of this machine than the innocent client, where it has several. */
    private static final String FLOODS_FROM = "127.0.0.2";

    private static final byte[] PIECE = "A".repeat(64 << 10).getBytes(StandardCharsets.US_ASCII);

    private final URI address;
    private final byte[] chat;
    private final Map<String, AtomicLong> counts = new ConcurrentSkipListMap<>();
    private final AtomicLong slowest = new AtomicLong();
    private final AtomicLong slowestChat = new AtomicLong();
    private final Thread probe;
    private final Thread innocent;
    private volatile boolean ended;

    /**
     * Waits until the server is as fast as it becomes.
     *
     * @param chat body of a harmless chat request
     */
    Flood(URI address, String chat) throws IOException {
        this.address = address;
        this.chat = chat.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < WARM_UP; i++) ask();
        probe = Thread.ofPlatform().start(this::probe);
        innocent = Thread.ofPlatform().start(this::chat);
    }

    public static void main(String[] args) throws Exception {
        String sound = Base64.getEncoder().encodeToString(Files.readAllBytes(Path.of(args[2])));
        String chat =
                "{\"model\":\"sparrow-tiny\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\","
                        + "\"input_audio\":{\"format\":\"wav\",\"data\":\"" + sound + "\"}}]}]}";
        long start = System.nanoTime();
        Flood flood = new Flood(URI.create(args[0]), chat);
        switch (args[1]) {
            case "frames" -> flood.frames(60, 3, 20_000_000);
            case "bodies" -> flood.bodies(60, 20_000_000);
            case "reopen" -> flood.reopen(1100, 5);
            case "hold" -> flood.hold(1100);
            case "together" -> flood.together(args.length > 3 ? Integer.parseInt(args[3]) : 1);
            default -> throw new IllegalArgumentException(args[1]);
        }
        flood.end();
        System.out.printf(
                "%s: %.1f s, slowest /healthz %.0f ms, slowest chat %d ms, %s%n",
                args[1],
                (System.nanoTime() - start) / 1e9,
                flood.slowest.get() / 1e6,
                flood.slowestChatMillis(),
                flood.counts);
    }

    URI address() {
        return address;
    }

    /** The longest time that the innocent client waited for its answer, in milliseconds. */
    long slowestChatMillis() {
        return slowestChat.get() / 1_000_000;
    }

    /** What happened, and how often. */
    Map<String, AtomicLong> counts() {
        return counts;
    }

    private void happened(String what) {
        counts.computeIfAbsent(what, _ -> new AtomicLong()).incrementAndGet();
    }

    /** Sessions that append huge frames, each a few one after the other. */
    void frames(int sessions, int frames, int bytes) throws InterruptedException {
        all(sessions, () -> session(frames, bytes));
    }

    /** Sessions that send an event again and again. If they read no answers, they end when the server closes them. */
    void events(int sessions, int times, String event, boolean reads) throws InterruptedException {
        byte[] frame = event.getBytes(StandardCharsets.UTF_8);
        all(sessions, () -> {
            try (Socket socket = upgrade()) {
                Thread reader = reads
                        ? Thread.ofVirtual().start(() -> read(socket))
                        : Thread.ofVirtual().unstarted(() -> {});
                try {
                    for (int i = 0; i < times; i++) {
                        socket.getOutputStream().write(header(frame.length));
                        socket.getOutputStream().write(frame);
                    }
                    clear(socket);
                    if (!reads) happened("session unread");
                } catch (IOException e) {
                    // A reader hears why.
                    if (!reads) happened("session unread");
                }
                if (reads) reader.join();
            }
        });
    }

    private Socket upgrade() throws IOException {
        Socket socket = open();
        socket.getOutputStream()
                .write(("GET /v1/realtime HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static void clear(Socket socket) throws IOException {
        byte[] clear = "{\"type\":\"input_audio_buffer.clear\"}".getBytes(StandardCharsets.US_ASCII);
        socket.getOutputStream().write(header(clear.length));
        socket.getOutputStream().write(clear);
    }

    /** Chat requests with huge recordings, at once. */
    void bodies(int clients, int bytes) throws InterruptedException {
        all(clients, () -> {
            String head = "{\"model\":\"sparrow-tiny\",\"max_tokens\":3,\"messages\":[{\"role\":\"user\",\"content\":["
                    + "{\"type\":\"input_audio\",\"input_audio\":{\"format\":\"pcm16\",\"data\":\"";
            happened("body " + post("/v1/chat/completions", "application/json", head, bytes, "\"}}]}]}"));
        });
    }

    /** Transcription requests with huge recordings, at once. */
    void transcriptions(int clients, int bytes) throws InterruptedException {
        all(clients, () -> {
            String head = "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nsparrow-tiny\r\n"
                    + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n";
            happened("form " + post("/v1/audio/transcriptions", Wire.FORM, head, bytes, "\r\n--b--\r\n"));
        });
    }

    /** Clients that open a connection, ask for the models and close it, again and again, all at the same moment. */
    void reopen(int clients, int rounds) throws InterruptedException {
        CyclicBarrier together = new CyclicBarrier(clients);
        all(clients, () -> {
            for (int round = 0; round < rounds; round++) {
                together.await();
                try (Socket socket = open()) {
                    socket.getOutputStream().write(get("/v1/models"));
                    happened("open " + status(socket));
                } catch (IOException e) {
                    happened("open " + e.getMessage());
                }
            }
        });
    }

    /** Clients that open a connection and say nothing for a while. */
    void hold(int clients) throws InterruptedException {
        all(clients, () -> {
            try (Socket socket = open()) {
                happened("hold " + (socket.getInputStream().read() < 0 ? "closed" : "answered"));
            } catch (IOException e) {
                happened("hold " + e.getMessage());
            }
        });
    }

    /** Requests with a body, at once. */
    void posts(int clients, String path, String head, int bytes, String tail) throws InterruptedException {
        all(clients, () -> happened(path + " " + post(path, "application/json", head, bytes, tail)));
    }

    /** Client secrets with a field of a million characters that the model does not understand. */
    void secrets(int clients, int bytes) throws InterruptedException {
        posts(clients, "/v1/realtime/client_secrets", "{\"session\":{\"tool_choice\":\"", bytes, "\"}}");
    }

    /** Requests whose bodies do not come, only extensions of a chunk. */
    void extensions(int clients) throws InterruptedException {
        all(clients, () -> {
            try (Socket socket = open()) {
                socket.getOutputStream()
                        .write(
                                ("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                                                + "Transfer-Encoding: chunked\r\n\r\n5;")
                                        .getBytes(StandardCharsets.US_ASCII));
                Thread trickle = Thread.ofVirtual().start(() -> {
                    try {
                        while (true) {
                            socket.getOutputStream().write('a');
                            Thread.sleep(1000);
                        }
                    } catch (IOException | InterruptedException e) {
                        // The server has closed the connection.
                    }
                });
                happened("extension " + status(socket));
                trickle.interrupt();
            } catch (IOException e) {
                happened("extension closed");
            }
        });
    }

    private static String text(String role, String type, int characters) {
        return "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\",\"role\":\"" + role
                + "\",\"content\":[{\"type\":\"" + type + "\",\"text\":\"" + "a ".repeat(characters / 2) + "\"}]}}";
    }

    /**
     * All floods at once: frames, bodies, forms, texts, settings, unread answers, client secrets and bodies that do not
     * come.
     *
     * @param times factor of the number of clients
     */
    void together(int times) throws InterruptedException {
        String update = "{\"type\":\"session.update\",\"session\":{\"tool_choice\":\"" + "x".repeat(1 << 20) + "\"}}";
        String instructions =
                "{\"type\":\"session.update\",\"session\":{\"instructions\":\"" + "\u4e2d".repeat(65_000) + "\"}}";
        List<Work> floods = List.of(
                () -> frames(8 * times, 4, 4_000_000),
                () -> bodies(16 * times, 4_000_000),
                () -> transcriptions(16 * times, 4_000_000),
                () -> events(8 * times, 8, text("assistant", "output_text", 60_000), true),
                () -> events(8 * times, 8, text("user", "input_text", 200_000), true),
                () -> events(8 * times, 16, update, true),
                () -> events(8 * times, 100, instructions, false),
                () -> secrets(300 * times, 1 << 20),
                () -> extensions(64 * times));
        CountDownLatch end = new CountDownLatch(floods.size());
        for (Work flood : floods) {
            Thread.ofPlatform().start(() -> {
                try {
                    flood.run();
                } catch (Exception e) {
                    happened("failed: " + e);
                } finally {
                    end.countDown();
                }
            });
        }
        end.await();
    }

    private interface Work {
        void run() throws Exception;
    }

    private void all(int clients, Work work) throws InterruptedException {
        CountDownLatch begin = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(clients);
        for (int i = 0; i < clients; i++) {
            Thread.ofVirtual().start(() -> {
                try {
                    begin.await();
                    work.run();
                } catch (Exception e) {
                    happened("failed: " + e);
                } finally {
                    end.countDown();
                }
            });
        }
        begin.countDown();
        end.await();
    }

    private Socket open() throws IOException {
        return connect(FLOODS_FROM);
    }

    private Socket connect(String from) throws IOException {
        Socket socket = new Socket();
        try {
            socket.bind(new InetSocketAddress(from, 0));
        } catch (BindException e) {
            // Outside of Linux, a machine has one loopback address.
        }
        socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), PATIENCE_MS);
        socket.setSoTimeout(PATIENCE_MS);
        return socket;
    }

    private static byte[] get(String path) {
        return ("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static String status(Socket socket) throws IOException {
        byte[] line = new byte[12];
        new DataInputStream(socket.getInputStream()).readFully(line);
        return new String(line, 9, 3, StandardCharsets.US_ASCII);
    }

    private void probe() {
        while (!ended) {
            long start = System.nanoTime();
            try (Socket socket = connect(address.getHost())) {
                socket.getOutputStream().write(get("/healthz"));
                happened("healthz " + status(socket));
            } catch (IOException e) {
                happened("healthz " + e.getMessage());
            }
            slowest.accumulateAndGet(System.nanoTime() - start, Math::max);
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void chat() {
        while (!ended) {
            long start = System.nanoTime();
            try {
                String said = ask();
                boolean whole = said.startsWith("HTTP/1.1 200") && said.contains("\"finish_reason\"");
                happened(
                        whole
                                ? "innocent whole"
                                : "innocent not whole: "
                                        + said.lines().findFirst().orElse("cut"));
            } catch (IOException e) {
                happened("innocent not whole: " + e.getMessage());
            }
            slowestChat.accumulateAndGet(System.nanoTime() - start, Math::max);
            pause();
        }
    }

    private String ask() throws IOException {
        try (Socket socket = connect(address.getHost())) {
            String head = "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                    + "Content-Type: application/json\r\nContent-Length: " + chat.length + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(chat);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String post(String path, String type, String head, int bytes, String tail) throws IOException {
        try (Socket socket = open()) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: " + type + "\r\nContent-Length: "
                            + (head.length() + bytes + tail.length()) + "\r\n\r\n" + head)
                    .getBytes(StandardCharsets.US_ASCII));
            fill(out, bytes);
            out.write(tail.getBytes(StandardCharsets.US_ASCII));
            return status(socket);
        }
    }

    private static void fill(OutputStream out, int bytes) throws IOException {
        for (int left = bytes; left > 0; left -= PIECE.length) out.write(PIECE, 0, Math.min(left, PIECE.length));
    }

    /** Ends with {@code session whole}, or with the code that closed it. */
    private void session(int frames, int bytes) throws IOException {
        try (Socket socket = upgrade()) {
            OutputStream out = socket.getOutputStream();
            Thread reader = Thread.ofVirtual().start(() -> read(socket));
            try {
                String head = "{\"type\":\"input_audio_buffer.append\",\"audio\":\"";
                for (int i = 0; i < frames; i++) {
                    out.write(header(head.length() + bytes + 2));
                    out.write(head.getBytes(StandardCharsets.US_ASCII));
                    fill(out, bytes);
                    out.write("\"}".getBytes(StandardCharsets.US_ASCII));
                }
                clear(socket);
            } catch (IOException e) {
                // The reader hears why.
            }
            try {
                reader.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Of a frame of text from a client, whose mask of zeros leaves it as it is. */
    private static byte[] header(int length) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(0x81);
        bytes.write(0x80 | 127);
        for (int shift = 56; shift >= 0; shift -= 8) bytes.write((int) ((long) length >> shift));
        bytes.write(new byte[4]);
        return bytes.toByteArray();
    }

    private void read(Socket socket) {
        try {
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            String line = line(in);
            if (!line.contains(" 101 ")) {
                happened("session " + line);
                return;
            }
            while (!line(in).isEmpty()) {}
            while (true) {
                int opcode = in.readUnsignedByte() & 15;
                long length = in.readUnsignedByte();
                if (length == 126) length = in.readUnsignedShort();
                else if (length == 127) length = in.readLong();
                byte[] payload = in.readNBytes((int) length);
                String text = new String(payload, StandardCharsets.UTF_8);
                if (opcode == 8) {
                    happened("session closed " + ((payload[0] & 255) << 8 | payload[1] & 255));
                    return;
                }
                if (text.contains("\"type\":\"error\"")) {
                    happened("session error " + text.replaceAll(".*\"code\":\"([a-z_]*)\".*", "$1"));
                }
                if (text.contains("input_audio_buffer.cleared")) {
                    happened("session whole");
                    return;
                }
            }
        } catch (IOException e) {
            happened("session cut: " + e.getMessage());
        }
    }

    private static String line(DataInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) line.append((char) c);
        return line.toString().strip();
    }

    /** Ends probe and chat. */
    void end() throws InterruptedException {
        ended = true;
        probe.join();
        innocent.join();
    }
}
