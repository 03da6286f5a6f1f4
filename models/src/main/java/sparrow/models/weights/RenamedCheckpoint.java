package sparrow.models.weights;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import sparrow.formats.weights.Checkpoint;
import sparrow.tensor.Matrix;
import sparrow.tensor.Tensor;

/**
 * A view of a checkpoint with other tensor names. Messages contain the original names. Closing the view closes the
 * original.
 *
 * @param original the checkpoint to read, which must contain all listed tensors
 * @param originalNames the tensors' original names, keyed by their new names
 */
public record RenamedCheckpoint(Checkpoint original, Map<String, String> originalNames) implements Checkpoint {
    public RenamedCheckpoint {
        originalNames = Map.copyOf(originalNames);
    }

    @Override
    public Path source() {
        return original.source();
    }

    @Override
    public Set<String> names() {
        return originalNames.keySet();
    }

    @Override
    public Tensor tensor(String name) {
        return original.tensor(originalNames.get(name));
    }

    @Override
    public Tensor tensor(String name, int... shape) {
        return original.tensor(originalNames.get(name), shape);
    }

    @Override
    public float[] floats(String name, int... shape) {
        return original.floats(originalNames.get(name), shape);
    }

    @Override
    public Matrix matrix(String name, int rows, int columns) {
        return original.matrix(originalNames.get(name), rows, columns);
    }

    @Override
    public void requireFinite(Matrix matrix) {
        original.requireFinite(matrix);
    }

    @Override
    public void close() {
        original.close();
    }
}
