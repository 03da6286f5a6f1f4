package sparrow.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A connection by hand, which can be broken off at any moment. */
public final class Socketed implements AutoCloseable {
    private final Socket socket;

    public Socketed(URI address) throws IOException {
        this(new Socket(address.getHost(), address.getPort()));
    }

    public Socketed(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(300_000);
    }

    public Socketed post(String path, String json) throws IOException {
        return post(path, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    public Socketed post(String path, String type, byte[] body) throws IOException {
        String head = "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: " + type + "\r\nContent-Length: "
                + body.length + "\r\n\r\n";
        return send(head.getBytes(StandardCharsets.US_ASCII)).send(body);
    }

    public Socketed send(byte[] bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(bytes);
        out.flush();
        return this;
    }

    /** Reads until something was said, or the end. */
    public String readUntil(String said) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder all = new StringBuilder();
        byte[] piece = new byte[4096];
        while (all.indexOf(said) < 0) {
            int count = in.read(piece);
            if (count < 0) break;
            all.append(new String(piece, 0, count, StandardCharsets.ISO_8859_1));
        }
        return all.toString();
    }

    /** Closes the sending side; the answer can still be read. */
    public Socketed endInput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
