package sparrow.formats.weights;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** GGUF files for tests, byte by byte: also those that no writer would make. */
final class GgufBytes {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Magic, version and counts. */
    static GgufBytes begin(int version, long tensors, long keys) {
        return new GgufBytes().raw("GGUF").u32(version).u64(tensors).u64(keys);
    }

    GgufBytes raw(String text) {
        bytes.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    GgufBytes zeros(int count) {
        bytes.writeBytes(new byte[count]);
        return this;
    }

    GgufBytes u32(int value) {
        bytes.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
        return this;
    }

    GgufBytes u64(long value) {
        bytes.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
        return this;
    }

    GgufBytes text(String text) {
        return u64(text.length()).raw(text);
    }

    /** A line of the index; sizes innermost first, as in the file. */
    GgufBytes tensor(String name, int type, long offset, long... sizes) {
        text(name).u32(sizes.length);
        for (long size : sizes) u64(size);
        return u32(type).u64(offset);
    }

    /** Zeros up to the next multiple of 32. */
    GgufBytes align() {
        return zeros((32 - bytes.size() % 32) % 32);
    }

    byte[] done() {
        return bytes.toByteArray();
    }
}
