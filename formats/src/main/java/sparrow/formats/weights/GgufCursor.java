package sparrow.formats.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import sparrow.formats.BadFileException;

/** Reads a GGUF file sequentially. Nothing beyond the end of the file is read, skipped or allocated. */
final class GgufCursor {
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The format's maximum length of keys, also used for tensor names. */
    private static final int MAX_NAME_BYTES = 65_535;

    private final Path file;
    private final MemorySegment whole;
    private long at;

    GgufCursor(Path file, MemorySegment whole) {
        this.file = file;
        this.whole = whole;
    }

    Path file() {
        return file;
    }

    MemorySegment whole() {
        return whole;
    }

    /** Returns the current position in the file. */
    long at() {
        return at;
    }

    int u32(String key) {
        return whole.get(U32, take(4, key));
    }

    /** Reads a u64. The caller must check it because values of at least 2^63 are negative. */
    long u64(String key) {
        return whole.get(U64, take(8, key));
    }

    /** Reads the number of items that follow, each of at least {@code minBytes} bytes. */
    long count(String key, int minBytes) {
        long count = u64(key);
        long max = (whole.byteSize() - at) / minBytes;
        if (count < 0 || count > max) {
            throw new BadFileException(
                    file,
                    key,
                    "expected at most the " + max + " that the rest of the file can hold, found "
                            + Long.toUnsignedString(count));
        }
        return count;
    }

    /** Reads a key or tensor name. */
    String name(String key) {
        long length = count(key, 1);
        if (length > MAX_NAME_BYTES) {
            throw new BadFileException(
                    file, key, "expected a name of at most " + MAX_NAME_BYTES + " bytes, found " + length);
        }
        byte[] bytes = whole.asSlice(take(length, key), length).toArray(ValueLayout.JAVA_BYTE);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Skips bytes and returns their position. */
    long take(long bytes, String key) {
        if (bytes > whole.byteSize() - at) {
            throw new BadFileException(
                    file, key, "expected " + bytes + " bytes at byte " + at + ", found the end of the file");
        }
        long start = at;
        at += bytes;
        return start;
    }
}
