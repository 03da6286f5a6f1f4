package sparrow.formats.weights;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import sparrow.formats.BadFileException;

/** Reads the bytes of a pickle sequentially and never beyond the end. Numbers are little-endian. */
final class PickleBytes {
    /** Maximum length of a module or class name. */
    private static final int MAX_NAME = 256;

    private final Path file;
    private final byte[] bytes;
    private int at;

    PickleBytes(Path file, byte[] bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    /** Creates the exception for a fault at the current position. */
    BadFileException fault(String text) {
        return new BadFileException(file, "data.pkl at byte " + at, text);
    }

    int u8() {
        need(1);
        return Byte.toUnsignedInt(bytes[at++]);
    }

    /** Reads an unsigned number of {@code count} bytes, which must be at most 8. */
    long unsigned(int count) {
        need(count);
        long value = 0;
        for (int i = 0; i < count; i++) value |= (bytes[at + i] & 0xFFL) << (8 * i);
        at += count;
        return value;
    }

    /** Reads a number of {@code count} bytes in two's complement; {@code count} must be from 0 to 8. */
    long signed(int count) {
        if (count == 0) return 0;
        int spare = 64 - 8 * count;
        return unsigned(count) << spare >> spare;
    }

    String text(long length) {
        need(length);
        String text = new String(bytes, at, (int) length, StandardCharsets.UTF_8);
        at += (int) length;
        return text;
    }

    /** Reads a name that ends with a newline. */
    String line() {
        for (int end = at; end < Math.min(bytes.length, at + MAX_NAME); end++) {
            if (bytes[end] != '\n') continue;
            String line = text(end - at);
            at++;
            return line;
        }
        throw fault("expected a name and a new-line");
    }

    /** Checks that at least {@code count} more bytes follow; {@code count} may have any value. */
    void need(long count) {
        if (count < 0 || count > bytes.length - at) {
            throw fault("expected " + Long.toUnsignedString(count) + " more bytes, found " + (bytes.length - at)
                    + " (cut short?)");
        }
    }
}
