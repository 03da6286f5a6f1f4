package sparrow.models.lfm3;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Gguf;
import sparrow.formats.weights.GgufMetadata;
import sparrow.formats.weights.GgufValue;
import sparrow.formats.weights.GgufWriter;
import sparrow.formats.weights.TensorContents;
import sparrow.formats.weights.TensorDescription;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;

/** The keys and tensors of a GGUF file, which may be changed before they are written to another one. */
final class GgufCopy {
    final Map<String, GgufValue> keys = new LinkedHashMap<>();
    final Map<String, Tensor> tensors = new LinkedHashMap<>();

    GgufCopy(Gguf file) {
        for (String key : file.values().keys()) keys.put(key, value(file.values(), key));
        for (String name : file.names()) tensors.put(name, file.tensor(name));
    }

    private interface Reading {
        GgufValue read(GgufMetadata values, String key);
    }

    private static GgufValue value(GgufMetadata values, String key) {
        List<Reading> readings = List.of(
                (v, k) -> new GgufValue.Text(v.text(k)),
                (v, k) -> new GgufValue.Whole(v.whole(k)),
                (v, k) -> new GgufValue.Number((float) v.number(k)),
                (v, k) -> new GgufValue.Flag(v.flag(k)),
                (v, k) -> new GgufValue.Texts(v.texts(k)),
                (v, k) -> new GgufValue.Flags(v.flags(k)),
                (v, k) -> new GgufValue.Integers(
                        Arrays.stream(v.integers(k)).boxed().toList()));
        return readings.stream()
                .flatMap(reading -> {
                    try {
                        return Stream.of(reading.read(values, key));
                    } catch (BadFileException e) {
                        return Stream.empty();
                    }
                })
                .findFirst()
                .orElseThrow();
    }

    GgufCopy text(String key, String value) {
        keys.put(key, new GgufValue.Text(value));
        return this;
    }

    GgufCopy whole(String key, long value) {
        keys.put(key, new GgufValue.Whole(value));
        return this;
    }

    /** Replaces a tensor by zeros of another shape. */
    GgufCopy zeros(String name, int... shape) {
        tensors.put(name, Tensor.of(new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)], shape));
        return this;
    }

    /** Replaces control tokens by others. */
    GgufCopy tokens(Map<String, String> others) {
        List<String> tokens = new ArrayList<>(((GgufValue.Texts) keys.get("tokenizer.ggml.tokens")).values());
        tokens.replaceAll(token -> others.getOrDefault(token, token));
        keys.put("tokenizer.ggml.tokens", new GgufValue.Texts(tokens));
        return this;
    }

    /** Replaces K-quants by the same numbers as f32. */
    void widen() {
        tensors.replaceAll((name, tensor) -> isK(tensor)
                ? Tensor.of(
                        tensor.toFloats(),
                        tensor.shape().stream().mapToInt(length -> length).toArray())
                : tensor);
    }

    private static boolean isK(Tensor tensor) {
        return tensor.dtype().blockElements() > DType.Q8_0.blockElements();
    }

    /**
     * Writes the file.
     *
     * @param matrices type of matrices whose rows are whole blocks; K-quants stay, and convolution kernels and tables
     *     stay in f32
     */
    void write(Path file, DType matrices) throws IOException {
        List<TensorDescription> entries = new ArrayList<>();
        tensors.forEach((name, tensor) -> {
            boolean matrix = tensor.dtype() != DType.F32
                    && tensor.shape().size() > 1
                    && tensor.shape().getLast() % matrices.blockElements() == 0;
            DType type = isK(tensor) ? tensor.dtype() : matrix ? matrices : DType.F32;
            entries.add(new TensorDescription(name, type, tensor.shape()));
        });
        GgufWriter.write(file, keys, entries, (entry, to) -> {
            Tensor tensor = tensors.get(entry.name());
            if (isK(tensor)) TensorContents.write(tensor, to);
            else entry.write(tensor.toFloats(), to);
        });
    }
}
