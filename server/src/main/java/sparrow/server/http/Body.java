package sparrow.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads bodies of requests, which are as long as their senders please. */
final class Body {
    /** Ten minutes of 16-bit sound at 16 kHz in base64. */
    static final int MOST_BYTES = 25 << 20;

    private static final int PIECE = 64 << 10;

    private Body() {}

    /**
     * All bytes.
     *
     * @param announced length by the header; negative if unknown
     * @throws HttpFailure if there are more than {@link #MOST_BYTES}
     */
    static byte[] read(InputStream in, long announced) throws IOException {
        if (announced > MOST_BYTES) throw tooLong(announced + " bytes");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.clamp(announced, PIECE, 1 << 20));
        byte[] piece = new byte[PIECE];
        for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
            if (bytes.size() + count > MOST_BYTES) throw tooLong("more");
            bytes.write(piece, 0, count);
        }
        return bytes.toByteArray();
    }

    private static HttpFailure tooLong(String found) {
        return HttpFailure.refused(
                413, "request_too_large", "body: expected at most " + MOST_BYTES + " bytes, found " + found);
    }
}
