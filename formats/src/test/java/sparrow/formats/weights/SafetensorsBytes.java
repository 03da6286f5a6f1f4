package sparrow.formats.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Safetensors files put together by hand, as wrong as a test wants them. */
final class SafetensorsBytes {
    private SafetensorsBytes() {}

    /** A file of this header, with a truthful length, and so many bytes of data. */
    static byte[] of(String header, int dataBytes) {
        return of(header.getBytes(StandardCharsets.UTF_8).length, header, dataBytes);
    }

    /** A file whose header length is said to be {@code length}. */
    static byte[] of(long length, String header, int dataBytes) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(length).put(json);
        for (int i = 0; i < dataBytes; i++) bytes.put((byte) i);
        return bytes.array();
    }

    /** One entry of a header. */
    static String entry(String name, String type, String shape, String offsets) {
        return "\"%s\": {\"dtype\": \"%s\", \"shape\": %s, \"data_offsets\": %s}".formatted(name, type, shape, offsets);
    }

    static Path write(Path file, byte[] bytes) throws IOException {
        return Files.write(file, bytes);
    }
}
