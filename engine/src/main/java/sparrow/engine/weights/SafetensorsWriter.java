package sparrow.engine.weights;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Map;
import sparrow.engine.tensor.Tensor;

/** Writes safetensors files: into a temporary file beside the target, then moved, so that nobody sees half of one. */
public final class SafetensorsWriter {
    private static final int COPY_BYTES = 1 << 20;

    private SafetensorsWriter() {}

    /**
     * Writes tensors in the order of the map.
     *
     * @param metadata free-form facts; may be empty
     * @throws IOException if the file cannot be written; the target is then as it was
     */
    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Path partial = Files.createTempFile(folder, "." + file.getFileName(), ".partial");
        try {
            try (OutputStream out = Files.newOutputStream(partial)) {
                byte[] header = header(tensors, metadata);
                out.write(ByteBuffer.allocate(Long.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(header.length)
                        .array());
                out.write(header);
                for (Tensor tensor : tensors.values()) copy(tensor.data(), out);
            }
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(partial);
            throw e;
        }
    }

    /** The header, padded with blanks so that the data begins at a multiple of 8. */
    private static byte[] header(Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode root = json.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode facts = root.putObject("__metadata__");
            metadata.forEach(facts::put);
        }
        long at = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            Tensor tensor = entry.getValue();
            ObjectNode node = root.putObject(entry.getKey());
            node.put("dtype", tensor.dtype().name());
            ArrayNode shape = node.putArray("shape");
            tensor.shape().forEach(shape::add);
            node.putArray("data_offsets").add(at).add(at + tensor.data().byteSize());
            at += tensor.data().byteSize();
        }
        byte[] text = json.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(text, Math.ceilDiv(text.length, 8) * 8);
        Arrays.fill(padded, text.length, padded.length, (byte) ' ');
        return padded;
    }

    private static void copy(MemorySegment data, OutputStream out) throws IOException {
        byte[] piece = new byte[(int) Math.min(COPY_BYTES, data.byteSize())];
        for (long at = 0; at < data.byteSize(); at += piece.length) {
            int n = (int) Math.min(piece.length, data.byteSize() - at);
            MemorySegment.copy(data, ValueLayout.JAVA_BYTE, at, piece, 0, n);
            out.write(piece, 0, n);
        }
    }
}
