package sparrow.bench.load;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;

/** As much of RFC 6455 and of the Realtime protocol as a client needs that asks politely: three tenths of a second for an answer. */
public final class TinyRealtimeServer implements AutoCloseable {
    private static final String DELTA = Base64.getEncoder().encodeToString(new byte[4800]);

    private final ServerSocket listening;
    private final String key;
    private final boolean leaves;

    /**
     * @param key without which it answers 401; empty for none
     * @param leaves whether it closes the connection when it is asked something
     */
    public TinyRealtimeServer(String key, boolean leaves) throws IOException {
        this.key = key;
        this.leaves = leaves;
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (!listening.isClosed()) {
                try {
                    Socket socket = listening.accept();
                    Thread.ofVirtual().start(() -> serve(socket));
                } catch (IOException e) {
                    return; // closed
                }
            }
        });
    }

    /** Where it listens. */
    public String address() {
        return "ws://localhost:" + listening.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }

    private void serve(Socket socket) {
        try (socket;
                DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()))) {
            OutputStream out = socket.getOutputStream();
            if (!upgraded(in, out)) return;
            send(out, "{\"type\":\"session.created\"}");
            int responses = 0;
            for (String event = receive(in); event != null; event = receive(in)) {
                if (event.contains("\"session.update\"")) send(out, "{\"type\":\"session.updated\"}");
                if (!event.contains("\"response.create\"")) continue;
                if (leaves) {
                    out.write(new byte[] {(byte) 0x88, 2, 0x03, (byte) 0xE9}); // 1001
                    return;
                }
                answer(out, "resp_" + ++responses);
            }
        } catch (IOException e) {
            // The client is gone.
        }
    }

    private static void answer(OutputStream out, String id) throws IOException {
        send(out, "{\"type\":\"response.created\",\"response\":{\"id\":\"" + id + "\"}}");
        for (int i = 0; i < 3; i++) {
            send(
                    out,
                    "{\"type\":\"response.output_audio.delta\",\"response_id\":\"" + id
                            + "\",\"item_id\":\"item\",\"delta\":\"" + DELTA + "\"}");
        }
        send(out, "{\"type\":\"response.output_audio.done\",\"response_id\":\"" + id + "\"}");
        send(out, "{\"type\":\"response.done\",\"response\":{\"id\":\"" + id + "\",\"status\":\"completed\"}}");
    }

    private boolean upgraded(DataInputStream in, OutputStream out) throws IOException {
        String accept = "";
        boolean allowed = key.isEmpty();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            String name = line.toLowerCase(Locale.ROOT);
            if (name.startsWith("sec-websocket-key:"))
                accept = accept(line.substring(18).strip());
            if (line.equals("Authorization: Bearer " + key)) allowed = true;
        }
        String answer = allowed
                ? "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                        + accept + "\r\n\r\n"
                : "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n";
        out.write(answer.getBytes(StandardCharsets.US_ASCII));
        return allowed;
    }

    private static String line(DataInputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.readUnsignedByte(); next != '\n'; next = in.readUnsignedByte()) {
            if (next != '\r') line.write(next);
        }
        return line.toString(StandardCharsets.US_ASCII);
    }

    private static String accept(String key) {
        try {
            byte[] both = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest(both));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** One whole text, in as many frames as it has; null when the client closes. */
    private static String receive(DataInputStream in) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        while (true) {
            int head = in.readUnsignedByte();
            int length = in.readUnsignedByte() & 0x7F;
            if (length == 126) length = in.readUnsignedShort();
            byte[] mask = in.readNBytes(4);
            byte[] body = in.readNBytes(length);
            for (int i = 0; i < body.length; i++) body[i] ^= mask[i % 4];
            if ((head & 0x0F) == 8) return null;
            text.write(body);
            if ((head & 0x80) != 0) return text.toString(StandardCharsets.UTF_8);
        }
    }

    private static void send(OutputStream out, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(0x81);
        if (body.length < 126) {
            frame.write(body.length);
        } else {
            frame.write(126);
            frame.write(body.length >> 8);
            frame.write(body.length);
        }
        frame.write(body);
        out.write(frame.toByteArray());
    }
}
