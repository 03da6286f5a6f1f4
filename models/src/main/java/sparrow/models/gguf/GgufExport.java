package sparrow.models.gguf;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import sparrow.engine.tensor.DType;
import sparrow.engine.tensor.Matrix;
import sparrow.engine.tensor.Tensor;
import sparrow.engine.weights.BadFileException;
import sparrow.engine.weights.Checkpoint;
import sparrow.engine.weights.GgufValue;
import sparrow.engine.weights.GgufWriter;

/** Writes the tensors of a checkpoint into a GGUF file, a few rows at a time, under other names and in other types. */
public final class GgufExport {
    /** Elements in memory at once: 16 MiB as f32. */
    private static final int PIECE = 4 << 20;

    private GgufExport() {}

    /**
     * Writes a file.
     *
     * @param originalNames for every tensor its name in the checkpoint by the one in the file, in the order of the file
     * @return matrices whose rows are no whole blocks of the quantisation, which were kept in f16
     * @throws BadFileException if a tensor is missing, or holds a number that its new type cannot
     * @throws IOException if the file cannot be written
     */
    public static List<GgufWriter.Entry> write(
            Path file,
            Map<String, GgufValue> keys,
            Checkpoint from,
            SequencedMap<String, String> originalNames,
            Quantisation quantisation,
            ConversionListener listener)
            throws IOException {
        List<GgufWriter.Entry> entries = new ArrayList<>();
        originalNames.forEach((target, source) -> entries.add(entry(from.tensor(source), target, quantisation)));
        List<String> sources = List.copyOf(originalNames.values());
        try (GgufWriter writer = GgufWriter.begin(file, keys, entries)) {
            for (int i = 0; i < sources.size(); i++) {
                listener.next(entries.get(i).name(), i, sources.size());
                copy(from, sources.get(i), writer, entries.get(i));
            }
            writer.finish();
        }
        return entries.stream()
                .filter(entry -> entry.shape().size() > 1 && entry.dtype() != quantisation.dtype())
                .toList();
    }

    private static GgufWriter.Entry entry(Tensor tensor, String name, Quantisation quantisation) {
        DType dtype = tensor.dtype().isFloating() ? quantisation.dtype(tensor.shape()) : DType.I32;
        return new GgufWriter.Entry(name, dtype, tensor.shape());
    }

    private static void copy(Checkpoint from, String source, GgufWriter writer, GgufWriter.Entry entry)
            throws IOException {
        Tensor tensor = from.tensor(source);
        if (entry.dtype() == DType.I32) {
            writer.write(entry.name(), MemorySegment.ofArray(tensor.toInts()));
        } else if (entry.shape().size() == 1) {
            writer.write(entry.name(), checked(from, source, tensor.toFloats(), entry.dtype()));
        } else {
            copyRows(from, source, writer, entry);
        }
    }

    private static void copyRows(Checkpoint from, String source, GgufWriter writer, GgufWriter.Entry entry)
            throws IOException {
        Matrix matrix = from.matrix(source, -1, -1);
        int rows = Math.max(1, PIECE / Math.max(1, matrix.columns()));
        for (int row = 0; row < matrix.rows(); row += rows) {
            Matrix piece = matrix.slice(row, Math.min(matrix.rows(), row + rows));
            Tensor tensor = new Tensor(piece.data(), piece.dtype(), List.of(piece.rows(), piece.columns()));
            writer.write(entry.name(), checked(from, source, tensor.toFloats(), entry.dtype()));
        }
    }

    /** A NaN or an infinity in a weight is a broken checkpoint, or would become one. */
    private static float[] checked(Checkpoint from, String source, float[] values, DType dtype) {
        float largest = dtype.largest();
        for (float value : values) {
            if (!(Math.abs(value) <= largest)) {
                throw new BadFileException(
                        from.source(),
                        "tensor " + source,
                        "expected numbers that " + dtype + " can hold, found " + value);
            }
        }
        return values;
    }
}
