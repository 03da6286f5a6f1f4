package sparrow.formats.weights;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import sparrow.formats.BadFileException;
import sparrow.formats.Printable;
import sparrow.formats.StrictJson;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;

/**
 * A safetensors file, memory-mapped or in memory. It consists of a JSON header, which maps names to types, shapes and
 * positions, followed by raw little-endian data. Data is read when it is used, after every length in the header has
 * been checked against the file size.
 */
public final class Safetensors extends TensorFile {
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /**
     * Maximum size of the header. A tensor takes about 120 bytes. The format's limit is 100 MB, but parsing that much
     * JSON would require gigabytes of memory.
     */
    private static final long MAX_HEADER_BYTES = 32 << 20;

    private final Map<String, String> metadata;

    private Safetensors(Source source, Map<String, Tensor> tensors, Map<String, String> metadata) {
        super(source, tensors);
        this.metadata = Collections.unmodifiableMap(metadata);
    }

    /**
     * Maps a safetensors file to memory.
     *
     * @throws BadFileException if the file is missing, is not a regular file, or is not a complete and consistent
     *     safetensors file
     * @throws IOException if the file cannot be read
     */
    public static Safetensors open(Path file) throws IOException {
        return map(file, Safetensors::parse);
    }

    /**
     * Reads a file that is a resource in a jar or a part of another file. The bytes are copied.
     *
     * @param source origin of the bytes, for messages
     * @throws BadFileException if the bytes are not a complete and consistent safetensors file
     */
    @SuppressWarnings("MustBeClosedChecker") // close() closes the arena
    public static Safetensors read(byte[] bytes, Path source) {
        Arena arena = Arena.ofShared();
        try {
            MemorySegment whole = arena.allocate(Math.max(1, bytes.length), 64).asSlice(0, bytes.length);
            return parse(new Source(source, Optional.empty(), arena, whole.copyFrom(MemorySegment.ofArray(bytes))));
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private static Safetensors parse(Source source) {
        Path file = source.file();
        JsonNode header = header(file, source.whole());
        long dataStart = 8 + source.whole().get(U64, 0);
        MemorySegment data = source.whole().asSlice(dataStart);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Map<String, String> metadata = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : header.properties()) {
            if (entry.getKey().equals("__metadata__")) readMetadata(file, entry.getValue(), metadata);
            else tensors.put(entry.getKey(), tensor(file, place(entry.getKey()), entry.getValue(), data));
        }
        checkApart(file, "data_offsets", data, tensors);
        return new Safetensors(source, tensors, metadata);
    }

    private static void readMetadata(Path file, JsonNode facts, Map<String, String> metadata) {
        if (!facts.isObject()) throw new BadFileException(file, "__metadata__", "expected an object of strings");
        for (Map.Entry<String, JsonNode> fact : facts.properties()) {
            String key = Printable.of(fact.getKey());
            if (!fact.getValue().isTextual())
                throw new BadFileException(file, "__metadata__ " + key, "expected a string");
            metadata.put(fact.getKey(), fact.getValue().asText());
        }
    }

    private static JsonNode header(Path file, MemorySegment whole) {
        if (whole.byteSize() < 8) {
            throw new BadFileException(file, "expected a safetensors file, found only " + whole.byteSize() + " bytes");
        }
        long length = whole.get(U64, 0);
        if (length < 2 || length > Math.min(MAX_HEADER_BYTES, whole.byteSize() - 8)) {
            throw new BadFileException(
                    file,
                    "header length",
                    "expected 2 to " + Math.min(MAX_HEADER_BYTES, whole.byteSize() - 8) + " bytes, found "
                            + Long.toUnsignedString(length) + " (not a safetensors file, or cut short)");
        }
        return StrictJson.object(
                file, "header", whole.asSlice(8, length).toArray(ValueLayout.JAVA_BYTE), StrictJson.Bounds.TENSORS);
    }

    private static Tensor tensor(Path file, String key, JsonNode entry, MemorySegment data) {
        DType dtype = dtype(file, key, entry.path("dtype").asText());
        List<Integer> shape = shape(file, key, entry.path("shape"));
        long bytes = bytes(file, key, dtype, shape);
        JsonNode place = entry.path("data_offsets");
        long begin = offset(place.path(0));
        long end = offset(place.path(1));
        if (!place.isArray() || place.size() != 2 || begin < 0 || end < begin || end > data.byteSize()) {
            throw new BadFileException(
                    file,
                    key,
                    "data_offsets " + Printable.of(place.toString()) + ": expected two inside the file's "
                            + data.byteSize() + " bytes of data (cut short?)");
        }
        if (end - begin != bytes) {
            throw new BadFileException(
                    file,
                    key,
                    dtype + " " + Printable.of(shape.toString()) + ": expected " + bytes
                            + " bytes, found data_offsets of " + (end - begin));
        }
        return new Tensor(data.asSlice(begin, bytes), dtype, shape);
    }

    private static List<Integer> shape(Path file, String key, JsonNode sizes) {
        if (!sizes.isArray()) throw new BadFileException(file, key, "shape: expected a list of sizes");
        List<Integer> shape = new ArrayList<>();
        for (JsonNode size : sizes) {
            if (!size.isIntegralNumber() || !size.canConvertToInt() || size.intValue() < 0) {
                throw new BadFileException(
                        file, key, "shape: expected sizes of 0 to 2^31-1, found " + Printable.of(size.toString()));
            }
            shape.add(size.intValue());
        }
        return shape;
    }

    /** Returns an integer that fits in a long, or -1. */
    private static long offset(JsonNode number) {
        return number.isIntegralNumber() && number.canConvertToLong() ? number.longValue() : -1;
    }

    private static DType dtype(Path file, String key, String name) {
        return switch (name) {
            case "F32" -> DType.F32;
            case "F16" -> DType.F16;
            case "BF16" -> DType.BF16;
            case "F64" -> DType.F64;
            case "I32" -> DType.I32;
            case "I64" -> DType.I64;
            default ->
                throw new BadFileException(
                        file,
                        key,
                        "dtype: expected F32, F16, BF16, F64, I32 or I64, found \"" + Printable.of(name) + "\"");
        };
    }

    @Override
    public Map<String, String> metadata() {
        return metadata;
    }
}
