package sparrow.formats.weights;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sparrow.formats.BadFileException;
import sparrow.formats.Printable;
import sparrow.tensor.DType;
import sparrow.tensor.Finite;
import sparrow.tensor.Matrix;
import sparrow.tensor.Tensor;

/**
 * The named tensors of a checkpoint in any file format. The checkpoint owns the tensors' memory: they must not be used
 * after {@link #close()}.
 */
public interface Checkpoint extends AutoCloseable {
    /** Returns the file or folder of the checkpoint, for messages. */
    Path source();

    /** Returns the names of all tensors. */
    Set<String> names();

    /** Returns free-form metadata (safetensors' {@code __metadata__}), or an empty map if the format has none. */
    default Map<String, String> metadata() {
        return Map.of();
    }

    /**
     * Returns the tensor with the given name.
     *
     * @throws MissingTensorException if there is no such tensor
     */
    Tensor tensor(String name);

    /**
     * Checks that the files have not been truncated or modified since they were opened, because tensors are read in
     * place. Long operations call this method periodically. Formats that are not memory-mapped do not require this
     * check.
     *
     * @throws BadFileException if a file has changed
     */
    default void requireUnchanged() {}

    @Override
    void close();

    /** Returns whether there is a tensor with the given name. */
    default boolean has(String name) {
        return names().contains(name);
    }

    /**
     * Returns the tensor with the given name after checking its shape.
     *
     * @param shape expected dimensions, outermost first; -1 accepts any size
     * @throws MissingTensorException if there is no such tensor
     * @throws BadFileException if the tensor has a different shape
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
     * Returns the tensor's values as f32 after checking its shape as {@link #tensor(String, int...)} does.
     *
     * @throws BadFileException if the tensor has a different shape, or if a value is NaN or infinite
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
     * Checks that a matrix of this checkpoint, or a part of its rows, does not contain NaN or infinity. A single such
     * value would corrupt the model's output.
     *
     * @throws BadFileException if a number is NaN or infinite; the message contains the file and the tensor
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
     * Returns the tensor as a matrix in its stored type, after checking that its shape is [rows, columns]; -1 accepts
     * any size.
     *
     * @throws MissingTensorException if there is no such tensor
     * @throws BadFileException if the tensor has a different shape or a type that matrices do not support
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
