package sparrow.engine.weights;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import sparrow.engine.tensor.Tensor;

/** Writes safetensors files that {@link Safetensors} and the Hugging Face libraries read. */
public final class SafetensorsWriter {
    /** Bytes handed to the file at once. */
    private static final long PIECE = 1 << 20;

    private SafetensorsWriter() {}

    /**
     * Writes tensors from where they are, without a copy of the whole. The file appears under its name only when it is
     * complete; until then its content stands beside it under the name with {@code .part} added.
     *
     * @param file to be made or replaced
     * @param tensors by name; those with wide elements stand first in the file, which aligns all of them
     * @param metadata free-form facts, may be empty
     * @throws IOException if it cannot be written; an earlier file of this name is then as it was
     */
    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        if (tensors.containsKey("__metadata__")) {
            throw new IllegalArgumentException("tensor name __metadata__ belongs to the format");
        }
        tensors.forEach(SafetensorsWriter::check);
        List<Map.Entry<String, Tensor>> ordered = tensors.entrySet().stream()
                .sorted(Comparator.comparing(entry -> -entry.getValue().dtype().blockBytes()))
                .toList();
        WholeFile.write(file, whole -> {
            whole.write(header(ordered, metadata));
            for (Map.Entry<String, Tensor> entry : ordered) write(whole, entry.getValue());
        });
    }

    private static void check(String name, Tensor tensor) {
        if (tensor.dtype().isQuantised()) {
            throw new IllegalArgumentException("tensor " + name + ": safetensors has no type " + tensor.dtype());
        }
    }

    /** Length and JSON, filled up with blanks so that the data begin at a multiple of eight bytes. */
    private static ByteBuffer header(List<Map.Entry<String, Tensor>> tensors, Map<String, String> metadata)
            throws IOException {
        ObjectNode header = JsonNodeFactory.instance.objectNode();
        if (!metadata.isEmpty()) {
            ObjectNode facts = header.putObject("__metadata__");
            metadata.forEach(facts::put);
        }
        long offset = 0;
        for (Map.Entry<String, Tensor> entry : tensors) {
            Tensor tensor = entry.getValue();
            ObjectNode description = header.putObject(entry.getKey());
            description.put("dtype", tensor.dtype().name());
            tensor.shape().forEach(description.putArray("shape")::add);
            description
                    .putArray("data_offsets")
                    .add(offset)
                    .add(offset + tensor.data().byteSize());
            offset += tensor.data().byteSize();
        }
        byte[] json = new JsonMapper().writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(json, Math.ceilDiv(json.length, 8) * 8);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        return ByteBuffer.allocate(8 + padded.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(padded.length)
                .put(padded)
                .flip();
    }

    /** Piece by piece through one buffer: a segment over a float[] has no byte buffer of its own. */
    private static void write(WholeFile file, Tensor tensor) throws IOException {
        MemorySegment data = tensor.data();
        byte[] buffer = new byte[(int) Math.min(PIECE, data.byteSize())];
        for (long at = 0; at < data.byteSize(); at += PIECE) {
            int length = (int) Math.min(PIECE, data.byteSize() - at);
            MemorySegment.copy(data, at, MemorySegment.ofArray(buffer), 0, length);
            file.write(ByteBuffer.wrap(buffer, 0, length));
        }
    }
}
