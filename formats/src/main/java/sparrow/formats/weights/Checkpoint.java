package sparrow.formats.weights;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sparrow.tensor.DType;
import sparrow.tensor.Finite;
import sparrow.tensor.Matrix;
import sparrow.tensor.Tensor;

/**
 * Named tensors of one checkpoint in any file format. The tensors' memory belongs to the checkpoint: after
 * {@link #close()} no tensor of it may be touched.
 */
public interface Checkpoint extends AutoCloseable {
    /** The file or folder that the tensors come from, for messages. */
    Path source();

    /** Names of all tensors. */
    Set<String> names();

    /** Free-form facts stored beside the tensors (safetensors' {@code __metadata__}); empty if the format has none. */
    default Map<String, String> metadata() {
        return Map.of();
    }

    /**
     * The tensor of this name.
     *
     * @throws MissingTensorException if there is none
     */
    Tensor tensor(String name);

    /**
     * Refuses files that were cut or written to since they were opened: their tensors are read in place. A long reader
     * calls it now and then; formats that are not mapped have nothing to refuse.
     *
     * @throws BadFileException that names the file
     */
    default void requireUnchanged() {}

    @Override
    void close();

    /** True if there is a tensor of this name. */
    default boolean has(String name) {
        return names().contains(name);
    }

    /**
     * The tensor of this name, after checking its shape.
     *
     * @param shape expected dimensions, outermost first; -1 accepts any size
     * @throws MissingTensorException if there is none
     * @throws BadFileException if its shape is another one
     */
    default Tensor tensor(String name, int... shape) {
        Tensor tensor = tensor(name);
        List<Integer> found = tensor.shape();
        boolean fits = found.size() == shape.length;
        for (int axis = 0; fits && axis < shape.length; axis++) {
            fits = shape[axis] == -1 || shape[axis] == found.get(axis);
        }
        if (!fits) {
            throw new BadFileException(
                    source(), "tensor " + name, "expected shape " + Arrays.toString(shape) + ", found " + found);
        }
        if (!tensor.dtype().isFloating()) {
            throw new BadFileException(source(), "tensor " + name, "expected numbers, found " + tensor.dtype());
        }
        return tensor;
    }

    /**
     * The tensor's values as f32, after checking its shape as {@link #tensor(String, int...)} does.
     *
     * @throws BadFileException also if a value is NaN or infinite
     */
    default float[] floats(String name, int... shape) {
        Tensor tensor = tensor(name, shape);
        if (tensor.elements() > Integer.MAX_VALUE - 8) {
            throw new BadFileException(
                    source(), "tensor " + name, "expected at most 2^31 numbers, found " + tensor.elements());
        }
        float[] values = tensor.toFloats();
        if (!Finite.all(values)) throw notFinite(name);
        return values;
    }

    /**
     * Refuses a matrix of this checkpoint, or rows of one, that holds NaN or infinity: one of them is enough for a model to say
     * nonsense.
     *
     * @throws BadFileException that names file and tensor
     */
    default void requireFinite(Matrix matrix) {
        if (Finite.all(matrix)) return;
        throw notFinite(names().stream()
                .filter(name ->
                        tensor(name).data().asOverlappingSlice(matrix.data()).isPresent())
                .findFirst()
                .orElse("matrix of " + matrix.rows() + " x " + matrix.columns()));
    }

    private BadFileException notFinite(String name) {
        return new BadFileException(
                source(), "tensor " + Printable.of(name), "expected finite numbers, found NaN or infinity");
    }

    /**
     * The tensor as a matrix in its stored type, after checking that its shape is [rows, columns]; -1 accepts any size.
     *
     * @throws MissingTensorException if there is none
     * @throws BadFileException if its shape is another one, or its type none that matrices are computed with
     */
    default Matrix matrix(String name, int rows, int columns) {
        Tensor tensor = tensor(name, rows, columns);
        if (!tensor.dtype().isWeight()) {
            throw new BadFileException(
                    source(),
                    "tensor " + name,
                    "expected " + DType.names(DType.weights()) + ", found " + tensor.dtype());
        }
        return tensor.asMatrix();
    }
}
