package sparrow.engine.weights;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sparrow.engine.tensor.DType;

/**
 * Writes a GGUF file (version 3) from front to back: everything is declared first, then the tensors' data follow in the
 * order of their declaration, piece by piece, so that memory is bounded by the piece. The file appears under its name
 * only when {@link #finish()} has found it complete; until then it stands beside it under the name with {@code .part}
 * added, and {@link #close()} removes what was not finished.
 */
public final class GgufWriter implements AutoCloseable {
    private static final int ALIGNMENT = 32;

    /** ggml reads no longer ones (GGML_MAX_NAME, with its closing zero). */
    private static final int MAX_NAME_BYTES = 63;

    private final AtomicFile file;
    private final List<Entry> entries;
    private int current;
    private long written;
    private byte[] buffer = new byte[0];

    /**
     * A tensor to be written.
     *
     * @param name at most 63 bytes of UTF-8
     * @param dtype what it is stored as
     * @param shape dimensions, outermost first, at most 4
     */
    public record Entry(String name, DType dtype, List<Integer> shape) {
        public Entry {
            shape = List.copyOf(shape);
            if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
                throw new IllegalArgumentException(
                        "tensor " + name + ": expected a name of at most " + MAX_NAME_BYTES + " bytes");
            }
            if (shape.isEmpty() || shape.size() > 4) {
                throw new IllegalArgumentException("tensor " + name + ": expected 1 to 4 axes, got " + shape);
            }
            int columns = shape.getLast();
            if (columns % dtype.blockElements() != 0) {
                throw new IllegalArgumentException("tensor " + name + ": expected a multiple of "
                        + dtype.blockElements() + " columns for " + dtype + ", got " + columns);
            }
        }

        /** Bytes of its data. */
        public long bytes() {
            return dtype.bytes(shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact));
        }
    }

    private GgufWriter(AtomicFile file, List<Entry> entries) {
        this.file = file;
        this.entries = entries;
    }

    /**
     * Begins a file with its metadata and the index of its tensors.
     *
     * @param file to be made or replaced
     * @param metadata written in the order of the map
     * @param tensors in the order in which their data will come
     * @throws IllegalArgumentException if two tensors have one name
     * @throws IOException if it cannot be written
     */
    public static GgufWriter begin(Path file, Map<String, GgufValue> metadata, List<Entry> tensors) throws IOException {
        Set<String> names = new HashSet<>();
        for (Entry entry : tensors) {
            if (!names.add(entry.name())) throw new IllegalArgumentException("tensor " + entry.name() + " twice");
        }
        GgufWriter writer = new GgufWriter(AtomicFile.begin(file), List.copyOf(tensors));
        try {
            writer.file.write(ByteBuffer.wrap(header(metadata, tensors)));
            writer.skipEmpty();
            return writer;
        } catch (IOException | RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    private static byte[] header(Map<String, GgufValue> metadata, List<Entry> tensors) {
        Bytes bytes = new Bytes();
        bytes.raw("GGUF".getBytes(StandardCharsets.US_ASCII));
        bytes.u32(3);
        bytes.u64(tensors.size());
        bytes.u64(metadata.size());
        metadata.forEach((key, value) -> {
            bytes.text(key);
            bytes.value(value);
        });
        long offset = 0;
        for (Entry entry : tensors) {
            bytes.text(entry.name());
            bytes.u32(entry.shape().size());
            for (int size : entry.shape().reversed()) bytes.u64(size);
            bytes.u32(entry.dtype().ggmlType());
            bytes.u64(offset);
            offset += aligned(entry.bytes());
        }
        bytes.raw(new byte[(int) (aligned(bytes.size()) - bytes.size())]);
        return bytes.toByteArray();
    }

    private static long aligned(long bytes) {
        return Math.ceilDiv(bytes, ALIGNMENT) * (long) ALIGNMENT;
    }

    /**
     * The next piece of a tensor's data, as stored.
     *
     * @throws IllegalStateException if it is not this tensor's turn, or more than is left of it
     */
    public void write(String name, MemorySegment data) throws IOException {
        check(name, data.byteSize());
        for (long at = 0; at < data.byteSize(); ) {
            int length = (int) Math.min(1 << 20, data.byteSize() - at);
            MemorySegment.copy(data, at, MemorySegment.ofArray(room(length)), 0, length);
            file.write(ByteBuffer.wrap(buffer, 0, length));
            at += length;
        }
        advance(data.byteSize());
    }

    /**
     * The next piece of a tensor's data as f32, whole blocks of the tensor's type; rounded to that type.
     *
     * @throws IllegalStateException if it is not this tensor's turn, or more than is left of it
     */
    public void write(String name, float[] values) throws IOException {
        DType dtype = current < entries.size() ? entries.get(current).dtype() : DType.F32;
        int bytes = Math.toIntExact(dtype.bytes(values.length));
        check(name, bytes);
        dtype.store(values, MemorySegment.ofArray(room(bytes)));
        file.write(ByteBuffer.wrap(buffer, 0, bytes));
        advance(bytes);
    }

    private void check(String name, long bytes) {
        Entry entry = current < entries.size() ? entries.get(current) : null;
        if (entry == null || !entry.name().equals(name)) {
            throw new IllegalStateException("expected data of "
                    + (entry == null ? "no further tensor" : "tensor " + entry.name()) + ", got tensor " + name);
        }
        if (bytes > entry.bytes() - written) {
            throw new IllegalStateException(
                    "tensor " + name + ": expected " + (entry.bytes() - written) + " bytes more at most, got " + bytes);
        }
    }

    /** Counts what was written; a complete tensor is filled up to the alignment. */
    private void advance(long bytes) throws IOException {
        written += bytes;
        if (written < entries.get(current).bytes()) return;
        file.write(ByteBuffer.allocate((int) (aligned(written) - written)));
        current++;
        written = 0;
        skipEmpty();
    }

    private void skipEmpty() {
        while (current < entries.size() && entries.get(current).bytes() == 0) current++;
    }

    private byte[] room(int bytes) {
        if (buffer.length < bytes) buffer = new byte[bytes];
        return buffer;
    }

    /**
     * Gives the complete file its name.
     *
     * @throws IllegalStateException if a tensor is missing
     * @throws IOException if it cannot be moved
     */
    public void finish() throws IOException {
        if (current < entries.size()) {
            throw new IllegalStateException("tensor " + entries.get(current).name() + " is not complete");
        }
        file.finish();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** The header as it grows. */
    private static final class Bytes extends ByteArrayOutputStream {
        void raw(byte[] bytes) {
            writeBytes(bytes);
        }

        void u32(int value) {
            raw(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(value)
                    .array());
        }

        void u64(long value) {
            raw(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(value)
                    .array());
        }

        void text(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            u64(bytes.length);
            raw(bytes);
        }

        void type(GgufType type) {
            u32(type.ordinal());
        }

        void value(GgufValue value) {
            switch (value) {
                case GgufValue.Whole(long number) -> {
                    type(GgufType.U32);
                    u32((int) number);
                }
                case GgufValue.Number(float number) -> {
                    type(GgufType.F32);
                    u32(Float.floatToRawIntBits(number));
                }
                case GgufValue.Flag(boolean flag) -> {
                    type(GgufType.BOOL);
                    write(flag ? 1 : 0);
                }
                case GgufValue.Text(String text) -> {
                    type(GgufType.STRING);
                    text(text);
                }
                case GgufValue.Texts(List<String> texts) -> {
                    array(GgufType.STRING, texts.size());
                    texts.forEach(this::text);
                }
                case GgufValue.Integers(List<Integer> numbers) -> {
                    array(GgufType.I32, numbers.size());
                    numbers.forEach(this::u32);
                }
            }
        }

        private void array(GgufType elements, int count) {
            type(GgufType.ARRAY);
            type(elements);
            u64(count);
        }
    }
}
