package sparrow.formats.weights;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sparrow.formats.BadFileException;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;

/**
 * A memory-mapped GGUF file (version 2 or 3, little-endian), which consists of typed metadata, a tensor index and
 * aligned data (ggml's {@code docs/gguf.md}). Shapes are returned outermost first, which is the reverse of the file's
 * order. Data is read when it is used, after every length has been checked against the file size.
 */
public final class Gguf extends TensorFile {
    private static final int MAGIC = 'G' | 'G' << 8 | 'U' << 16 | 'F' << 24;
    private static final String ALIGNMENT = "general.alignment";
    private static final int DEFAULT_ALIGNMENT = 32;

    /** Maximum number of axes in ggml. */
    private static final int MAX_AXES = 4;

    /** Minimum number of bytes of an index entry: name (length without text), number of axes, type, offset. */
    private static final int MIN_INFO_BYTES = 8 + 4 + 4 + 8;

    private final GgufMetadata values;

    /** An entry of the tensor index. */
    private record Info(DType dtype, List<Integer> shape, long offset) {}

    private Gguf(Source source, GgufMetadata values, Map<String, Tensor> tensors) {
        super(source, tensors);
        this.values = values;
    }

    /**
     * Maps a GGUF file to memory.
     *
     * @throws BadFileException if the file is missing, is not a regular file, is not a complete and consistent GGUF
     *     file, or has a tensor of an unsupported type
     * @throws IOException if the file cannot be read
     */
    public static Gguf open(Path file) throws IOException {
        return map(file, Gguf::parse);
    }

    private static Gguf parse(Source source) {
        Path file = source.file();
        MemorySegment whole = source.whole();
        GgufCursor cursor = new GgufCursor(file, whole);
        checkVersion(cursor);
        long tensorCount = cursor.count("tensor count", MIN_INFO_BYTES);
        GgufMetadata values = GgufMetadata.read(cursor, cursor.count("metadata count", GgufMetadata.MIN_BYTES));
        Map<String, Info> index = index(cursor, tensorCount);
        int alignment = alignment(values);
        long start = Math.ceilDiv(cursor.at(), alignment) * (long) alignment;
        MemorySegment data = whole.asSlice(Math.min(start, whole.byteSize()));
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        index.forEach((name, info) -> tensors.put(name, tensor(file, place(name), info, data, alignment)));
        checkApart(file, "offset", data, tensors);
        return new Gguf(source, values, tensors);
    }

    private static void checkVersion(GgufCursor cursor) {
        if (cursor.whole().byteSize() < 4 || cursor.u32("magic") != MAGIC) {
            throw new BadFileException(cursor.file(), "expected a GGUF file, found other first bytes");
        }
        int version = cursor.u32("version");
        if (version != 2 && version != 3) {
            boolean bigEndian = Integer.reverseBytes(version) == 3;
            throw new BadFileException(
                    cursor.file(),
                    "version",
                    "expected 2 or 3, found " + (bigEndian ? "a big-endian file" : Integer.toUnsignedString(version)));
        }
    }

    private static Map<String, Info> index(GgufCursor cursor, long count) {
        Map<String, Info> index = new LinkedHashMap<>();
        for (long i = 0; i < count; i++) {
            String name = cursor.name("tensor " + (i + 1));
            if (index.put(name, info(cursor, place(name))) != null) {
                throw new BadFileException(cursor.file(), place(name), "occurs twice");
            }
        }
        return index;
    }

    private static Info info(GgufCursor cursor, String key) {
        int axes = cursor.u32(key);
        if (axes < 0 || axes > MAX_AXES) {
            throw new BadFileException(
                    cursor.file(),
                    key,
                    "expected at most " + MAX_AXES + " axes, found " + Integer.toUnsignedString(axes));
        }
        Integer[] shape = new Integer[axes];
        for (int axis = axes - 1; axis >= 0; axis--) {
            long size = cursor.u64(key);
            if (size < 0 || size > Integer.MAX_VALUE) {
                throw new BadFileException(
                        cursor.file(),
                        key,
                        "shape: expected sizes of 0 to 2^31-1, found " + Long.toUnsignedString(size));
            }
            shape[axis] = (int) size;
        }
        int type = cursor.u32(key);
        DType dtype = GgmlTypes.dtype(type);
        if (dtype == null) {
            throw new BadFileException(
                    cursor.file(),
                    key,
                    "type: expected " + DType.names(List.of(DType.values())) + ", found " + GgmlTypes.name(type));
        }
        return new Info(dtype, Arrays.asList(shape), cursor.u64(key));
    }

    private static int alignment(GgufMetadata values) {
        if (!values.has(ALIGNMENT)) return DEFAULT_ALIGNMENT;
        int alignment = values.positive(ALIGNMENT);
        if (Integer.bitCount(alignment) != 1) throw values.wrong(ALIGNMENT, "a power of 2", alignment);
        return alignment;
    }

    private static Tensor tensor(Path file, String key, Info info, MemorySegment data, int alignment) {
        checkBlocks(file, key, info);
        long bytes = bytes(file, key, info.dtype, info.shape);
        if (info.offset % alignment != 0) {
            throw new BadFileException(
                    file, key, "offset: expected a multiple of " + alignment + ", found " + info.offset);
        }
        if (info.offset < 0 || info.offset > data.byteSize() || bytes > data.byteSize() - info.offset) {
            throw new BadFileException(
                    file,
                    key,
                    "expected " + bytes + " bytes at offset " + Long.toUnsignedString(info.offset)
                            + " of the data, found only " + data.byteSize() + " bytes of data (cut short?)");
        }
        return new Tensor(data.asSlice(info.offset, bytes), info.dtype, info.shape);
    }

    private static void checkBlocks(Path file, String key, Info info) {
        int block = info.dtype.blockElements();
        if (block > 1 && (info.shape.isEmpty() || info.shape.getLast() % block != 0)) {
            throw new BadFileException(
                    file,
                    key,
                    "shape " + info.shape + ": expected a multiple of " + block + " columns for " + info.dtype);
        }
    }

    /** Returns the typed metadata, which can be read while the file is open. */
    public GgufMetadata values() {
        return values;
    }

    /** Returns the metadata values that are strings. */
    @Override
    public Map<String, String> metadata() {
        return values.allTexts();
    }
}
