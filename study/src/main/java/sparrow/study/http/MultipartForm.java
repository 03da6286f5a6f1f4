package sparrow.study.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** A form with files in it (RFC 7578), which java.net.http cannot make. Names hold no quotes and no line ends. */
public final class MultipartForm {
    /** So random that no part contains it. */
    private final String boundary = "sparrow-" + UUID.randomUUID();

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Adds a short text. */
    public MultipartForm field(String name, String value) {
        return part("name=\"" + name + "\"", value.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds a file. */
    public MultipartForm file(String name, String fileName, String type, byte[] content) {
        return part("name=\"" + name + "\"; filename=\"" + fileName + "\"\r\nContent-Type: " + type, content);
    }

    private MultipartForm part(String head, byte[] content) {
        write("--" + boundary + "\r\nContent-Disposition: form-data; " + head + "\r\n\r\n");
        bytes.writeBytes(content);
        write("\r\n");
        return this;
    }

    private void write(String text) {
        bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The form, which is complete. */
    public Content content() {
        write("--" + boundary + "--\r\n");
        return new Content("multipart/form-data; boundary=" + boundary, bytes.toByteArray());
    }
}
