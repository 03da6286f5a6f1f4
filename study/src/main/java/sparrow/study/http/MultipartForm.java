package sparrow.study.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * A form with files (RFC 7578), which java.net.http does not support. Names must not contain quotation marks or line
 * ends.
 */
public final class MultipartForm {
    /** Boundary between parts, chosen at random so that no part contains it. */
    private final String boundary = "sparrow-" + UUID.randomUUID();

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Adds a text field to the form. */
    public MultipartForm field(String name, String value) {
        return part("name=\"" + name + "\"", value.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds a file to the form. */
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

    /** Returns the complete form as a request body. */
    public Content content() {
        write("--" + boundary + "--\r\n");
        return new Content("multipart/form-data; boundary=" + boundary, bytes.toByteArray());
    }
}
