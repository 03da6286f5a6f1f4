package sparrow.formats.weights;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sparrow.formats.AtomicFile;
import sparrow.tensor.Tensor;

/** Writes safetensors files that {@link Safetensors} and the Hugging Face libraries can read. */
public final class SafetensorsWriter {
    private SafetensorsWriter() {}

    /**
     * Writes tensors without copying them first. The file has its final name only when it is complete; until then, its
     * name has the suffix {@code .part}.
     *
     * @param file file to create or replace
     * @param tensors tensors by name; tensors with wide elements are written first, so that all tensors are aligned
     * @param metadata free-form metadata, which may be empty
     * @throws IOException if the file cannot be written; in this case, an existing file remains unchanged
     */
    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        AtomicFile.write(file, content(tensors, metadata));
    }

    /**
     * Returns the content of a file, for example for {@link AtomicFile#writeConcurrently}.
     *
     * @param tensors tensors by name; tensors with wide elements are written first, so that all tensors are aligned
     * @param metadata free-form metadata, which may be empty
     */
    public static AtomicFile.Content content(Map<String, Tensor> tensors, Map<String, String> metadata) {
        List<TensorDescription> descriptions = tensors.entrySet().stream()
                .map(entry -> new TensorDescription(
                        entry.getKey(),
                        entry.getValue().dtype(),
                        entry.getValue().shape()))
                .toList();
        return content(
                descriptions, metadata, (description, to) -> TensorContents.write(tensors.get(description.name()), to));
    }

    /**
     * Writes tensors whose contents are created while the file is written.
     *
     * @param tensors tensors with unique names; their contents are requested in this order, except that tensors with
     *     wide elements come first
     * @throws IllegalArgumentException if a type is quantised, or if a name occurs twice or is reserved by the format
     * @throws IllegalStateException if a tensor's contents do not have its size
     */
    public static void write(
            Path file, List<TensorDescription> tensors, Map<String, String> metadata, TensorContents contents)
            throws IOException {
        AtomicFile.write(file, content(tensors, metadata, contents));
    }

    private static AtomicFile.Content content(
            List<TensorDescription> tensors, Map<String, String> metadata, TensorContents contents) {
        check(tensors);
        List<TensorDescription> ordered = tensors.stream()
                .sorted(Comparator.comparing(tensor -> -tensor.dtype().blockBytes()))
                .toList();
        return whole -> {
            whole.write(header(ordered, metadata));
            for (TensorDescription tensor : ordered) {
                CountedChannel channel = new CountedChannel(whole);
                contents.write(tensor, channel);
                channel.requireAll(tensor);
            }
        };
    }

    private static void check(List<TensorDescription> tensors) {
        Set<String> names = new HashSet<>(Set.of("__metadata__"));
        for (TensorDescription tensor : tensors) {
            if (tensor.dtype().isQuantised()) {
                throw new IllegalArgumentException(
                        "tensor " + tensor.name() + ": safetensors has no type " + tensor.dtype());
            }
            if (names.add(tensor.name())) continue;
            boolean ofFormat = tensor.name().equals("__metadata__");
            throw new IllegalArgumentException(
                    "tensor name " + tensor.name() + (ofFormat ? " belongs to the format" : " occurs twice"));
        }
    }

    /**
     * Returns the header's length followed by its JSON, padded with spaces so that the data begins at a multiple of
     * eight bytes.
     */
    private static ByteBuffer header(List<TensorDescription> tensors, Map<String, String> metadata) throws IOException {
        ObjectNode header = JsonNodeFactory.instance.objectNode();
        if (!metadata.isEmpty()) {
            ObjectNode facts = header.putObject("__metadata__");
            metadata.forEach(facts::put);
        }
        long offset = 0;
        for (TensorDescription tensor : tensors) {
            ObjectNode description = header.putObject(tensor.name());
            description.put("dtype", tensor.dtype().name());
            tensor.shape().forEach(description.putArray("shape")::add);
            description.putArray("data_offsets").add(offset).add(offset + tensor.bytes());
            offset += tensor.bytes();
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
}
