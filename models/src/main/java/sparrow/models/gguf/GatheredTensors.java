package sparrow.models.gguf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.MissingTensorException;
import sparrow.tensor.Matrix;
import sparrow.tensor.Tensor;

/**
 * Tensors from several files under other names. Shapes may differ from the files' shapes in axes of length 1. Messages
 * contain the tensors' names in the files.
 */
public final class GatheredTensors implements Checkpoint {
    private final Path source;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, Entry> absent = new LinkedHashMap<>();

    /** A tensor in a file. */
    private record Entry(Checkpoint file, String name) {}

    /** @param source the folder of the files, for messages */
    public GatheredTensors(Path source) {
        this.source = source;
    }

    /**
     * Adds tensors from a file.
     *
     * @param names the new names, keyed by the file's names; names that the file does not contain are reported as
     *     missing when they are used
     * @throws IllegalArgumentException if a new name is already used
     */
    public GatheredTensors with(Checkpoint file, Map<String, String> names) {
        names.forEach((original, name) -> {
            Map<String, Entry> map = file.has(original) ? entries : absent;
            if (map.putIfAbsent(name, new Entry(file, original)) != null) {
                throw new IllegalArgumentException(name + ": expected one tensor, got two");
            }
        });
        return this;
    }

    @Override
    public Path source() {
        return source;
    }

    @Override
    public Set<String> names() {
        return entries.keySet();
    }

    private Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry != null) return entry;
        Entry expected = absent.get(name);
        if (expected == null) throw new MissingTensorException(source, name);
        throw new MissingTensorException(expected.file.source(), expected.name);
    }

    @Override
    public Tensor tensor(String name) {
        Entry entry = entry(name);
        return entry.file.tensor(entry.name);
    }

    /** Returns a tensor. A quantised tensor is not reshaped, because its rows are complete blocks. */
    @Override
    public Tensor tensor(String name, int... shape) {
        Entry entry = entry(name);
        Tensor stored = entry.file.tensor(entry.name, stored(entry, shape));
        if (stored.dtype().isQuantised() || stored.shape().size() == shape.length) return stored;
        List<Integer> sizes = longAxes(stored.shape());
        List<Integer> reshaped = new ArrayList<>();
        for (int size : shape) reshaped.add(size == 1 ? 1 : sizes.removeFirst());
        return new Tensor(stored.data(), stored.dtype(), reshaped);
    }

    @Override
    public float[] floats(String name, int... shape) {
        Entry entry = entry(name);
        return entry.file.floats(entry.name, stored(entry, shape));
    }

    @Override
    public Matrix matrix(String name, int rows, int columns) {
        Tensor tensor = tensor(name, rows, columns);
        if (tensor.dtype().isWeight()) return tensor.asMatrix();
        Entry entry = entry(name);
        return entry.file.matrix(entry.name, rows, columns); // throws because of the tensor's type
    }

    @Override
    public void requireFinite(Matrix matrix) {
        for (Entry entry : entries.values()) {
            Tensor tensor = entry.file.tensor(entry.name);
            if (tensor.data().asOverlappingSlice(matrix.data()).isPresent()) {
                entry.file.requireFinite(matrix);
                return;
            }
        }
        Checkpoint.super.requireFinite(matrix);
    }

    /**
     * Returns the tensor's shape in the file if it matches the expected shape. Otherwise, returns the expected shape,
     * which the file rejects.
     */
    private static int[] stored(Entry entry, int... shape) {
        List<Integer> found = entry.file.tensor(entry.name).shape();
        List<Integer> sizes = longAxes(found);
        List<Integer> expected = longAxes(Arrays.stream(shape).boxed().toList());
        boolean fits = sizes.size() == expected.size();
        for (int axis = 0; fits && axis < sizes.size(); axis++) {
            fits = expected.get(axis) == -1 || expected.get(axis).equals(sizes.get(axis));
        }
        return fits ? found.stream().mapToInt(Integer::intValue).toArray() : shape;
    }

    private static List<Integer> longAxes(List<Integer> shape) {
        return new ArrayList<>(shape.stream().filter(size -> size != 1).toList());
    }

    @Override
    public void requireUnchanged() {
        entries.values().forEach(entry -> entry.file.requireUnchanged());
    }

    /** Does nothing, because the files' owner closes them. */
    @Override
    public void close() {}
}
