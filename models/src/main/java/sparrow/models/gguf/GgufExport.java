package sparrow.models.gguf;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.GgufValue;
import sparrow.formats.weights.GgufWriter;
import sparrow.formats.weights.TensorContents;
import sparrow.formats.weights.TensorDescription;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;
import sparrow.tensor.Tensor;

/** Writes a checkpoint's tensors to a GGUF file, a few rows at a time, with new names and types. */
public final class GgufExport {
    /** Number of elements in memory at a time, which take 16 MiB as f32. */
    private static final int PIECE = 4 << 20;

    private GgufExport() {}

    /**
     * Writes a file.
     *
     * @param originalNames the tensors' names in the checkpoint, keyed by their names in the file, in file order
     * @return the matrices that were kept as f16 because their rows are not a multiple of the quantisation's block
     * @throws BadFileException if a tensor is missing, or contains a value that its new type cannot represent
     * @throws IOException if the file cannot be written
     */
    public static List<TensorDescription> write(
            Path file,
            Map<String, GgufValue> keys,
            Checkpoint from,
            SequencedMap<String, String> originalNames,
            Quantisation quantisation,
            ConversionListener listener)
            throws IOException {
        List<TensorDescription> entries = new ArrayList<>();
        originalNames.forEach((target, source) -> {
            Tensor tensor = from.tensor(source);
            entries.add(
                    target.endsWith(Names.CONVOLUTION + ".weight")
                            ? taps(tensor, target)
                            : entry(tensor, target, quantisation.dtype(tensor.shape())));
        });
        write(file, keys, from, originalNames::get, entries, listener);
        return entries.stream()
                .filter(entry -> entry.dtype() == DType.F16 && entry.dtype() != quantisation.dtype())
                .toList();
    }

    /**
     * Writes a file for an audio part. The tensors keep their names and are written in the given order.
     *
     * @throws BadFileException if a tensor contains a value that its new type cannot represent
     * @throws IOException if the file cannot be written
     */
    public static void write(
            Path file,
            Map<String, GgufValue> keys,
            Checkpoint from,
            List<String> names,
            AudioQuantisation quantisation,
            ConversionListener listener)
            throws IOException {
        List<TensorDescription> entries = new ArrayList<>();
        for (String name : names) {
            Tensor tensor = from.tensor(name);
            entries.add(entry(tensor, name, quantisation.dtype(name, tensor)));
        }
        write(file, keys, from, UnaryOperator.identity(), entries, listener);
    }

    private static void write(
            Path file,
            Map<String, GgufValue> keys,
            Checkpoint from,
            UnaryOperator<String> originalName,
            List<TensorDescription> entries,
            ConversionListener listener)
            throws IOException {
        int[] index = {0};
        GgufWriter.write(file, keys, entries, (entry, to) -> {
            listener.next(entry.name(), index[0]++, entries.size());
            copy(from, originalName.apply(entry.name()), entry, to);
        });
    }

    private static TensorDescription entry(Tensor tensor, String name, DType dtype) {
        return new TensorDescription(name, tensor.dtype().isFloating() ? dtype : DType.I32, tensor.shape());
    }

    /**
     * Returns the description of a short convolution's weights, which llama.cpp stores as f32 without the axis of
     * length 1: [width, taps].
     */
    private static TensorDescription taps(Tensor tensor, String name) {
        List<Integer> shape = List.of(tensor.shape().getFirst(), tensor.shape().getLast());
        return new TensorDescription(name, DType.F32, shape);
    }

    private static void copy(Checkpoint from, String source, TensorDescription entry, WritableByteChannel to)
            throws IOException {
        Tensor tensor = from.tensor(source);
        if (entry.dtype() == DType.I32) {
            TensorContents.write(Tensor.of(tensor.toInts(), (int) tensor.elements()), to);
        } else if (tensor.shape().size() != 2) {
            entry.write(checked(from, source, tensor.toFloats(), entry.dtype()), to);
        } else {
            copyRows(from, source, entry, to);
        }
    }

    private static void copyRows(Checkpoint from, String source, TensorDescription entry, WritableByteChannel to)
            throws IOException {
        Matrix matrix = from.matrix(source, -1, -1);
        int rows = Math.max(1, PIECE / Math.max(1, matrix.columns()));
        for (int row = 0; row < matrix.rows(); row += rows) {
            Matrix piece = matrix.slice(row, Math.min(matrix.rows(), row + rows));
            Tensor tensor = new Tensor(piece.data(), piece.dtype(), List.of(piece.rows(), piece.columns()));
            entry.write(checked(from, source, tensor.toFloats(), entry.dtype()), to);
        }
    }

    /** Checks that {@code dtype} can represent all values. A valid checkpoint never contains NaN or infinity. */
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
