package sparrow.formats.weights;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sparrow.formats.AtomicFile;

/** Writes GGUF files (version 3). */
public final class GgufWriter {
    private static final int ALIGNMENT = 32;

    /** Maximum name length that ggml can read (GGML_MAX_NAME without its terminating zero). */
    private static final int MAX_NAME_BYTES = 63;

    private GgufWriter() {}

    /**
     * Writes the metadata and the index, followed by the tensors' data in pieces, so that memory use is bounded by the
     * size of a piece. The file has its final name only when it is complete.
     *
     * @param file file to create or replace
     * @param metadata metadata, written in map order
     * @param tensors tensors with unique names of at most 63 bytes in UTF-8 and 1 to 4 axes; their contents are
     *     requested in this order
     * @throws IllegalArgumentException if a name or a number of axes is invalid
     * @throws IllegalStateException if a tensor's contents do not have its size
     * @throws IOException if the file cannot be written; in this case, an existing file remains unchanged
     */
    public static void write(
            Path file, Map<String, GgufValue> metadata, List<TensorDescription> tensors, TensorContents contents)
            throws IOException {
        Set<String> names = new HashSet<>();
        for (TensorDescription tensor : tensors) {
            check(tensor);
            if (!names.add(tensor.name())) throw new IllegalArgumentException("tensor " + tensor.name() + " twice");
        }
        AtomicFile.write(file, whole -> {
            whole.write(ByteBuffer.wrap(header(metadata, tensors)));
            for (TensorDescription tensor : tensors) {
                CountedChannel channel = new CountedChannel(whole);
                contents.write(tensor, channel);
                channel.requireAll(tensor);
                whole.write(ByteBuffer.allocate((int) (aligned(tensor.bytes()) - tensor.bytes())));
            }
        });
    }

    private static void check(TensorDescription tensor) {
        if (tensor.name().getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
            throw new IllegalArgumentException(
                    "tensor " + tensor.name() + ": expected a name of at most " + MAX_NAME_BYTES + " bytes");
        }
        if (tensor.shape().isEmpty() || tensor.shape().size() > 4) {
            throw new IllegalArgumentException(
                    "tensor " + tensor.name() + ": expected 1 to 4 axes, got " + tensor.shape());
        }
    }

    private static byte[] header(Map<String, GgufValue> metadata, List<TensorDescription> tensors) {
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
        for (TensorDescription tensor : tensors) {
            bytes.text(tensor.name());
            bytes.u32(tensor.shape().size());
            for (int size : tensor.shape().reversed()) bytes.u64(size);
            bytes.u32(tensor.dtype().ggmlType());
            bytes.u64(offset);
            offset += aligned(tensor.bytes());
        }
        bytes.raw(new byte[(int) (aligned(bytes.size()) - bytes.size())]);
        return bytes.toByteArray();
    }

    private static long aligned(long bytes) {
        return Math.ceilDiv(bytes, ALIGNMENT) * (long) ALIGNMENT;
    }

    /** A buffer for the header. */
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
                case GgufValue.Flags(List<Boolean> flags) -> {
                    array(GgufType.BOOL, flags.size());
                    flags.forEach(flag -> write(flag ? 1 : 0));
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
