package sparrow.models.lfm2;

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
 * Tensors of several files by other names than theirs. A tensor has any shape that differs from its own in axes of length 1 only.
 * Messages name the files and their own names.
 */
final class GatheredTensors implements Checkpoint {
    private final Path source;
    private final Map<String, Place> places = new LinkedHashMap<>();
    private final Map<String, Place> absent = new LinkedHashMap<>();

    /** A tensor of a file. */
    private record Place(Checkpoint file, String name) {}

    /** @param source the folder of the files, for messages */
    GatheredTensors(Path source) {
        this.source = source;
    }

    /**
     * Adds tensors of a file.
     *
     * @param names other names, by the file's own; those that the file does not have are missing
     * @throws IllegalArgumentException if another name has a tensor already
     */
    GatheredTensors with(Checkpoint file, Map<String, String> names) {
        names.forEach((own, other) -> {
            Map<String, Place> in = file.has(own) ? places : absent;
            if (in.putIfAbsent(other, new Place(file, own)) != null) {
                throw new IllegalArgumentException(other + ": expected one tensor, got two");
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
        return places.keySet();
    }

    private Place place(String name) {
        Place place = places.get(name);
        if (place != null) return place;
        Place expected = absent.get(name);
        if (expected == null) throw new MissingTensorException(source, name);
        throw new MissingTensorException(expected.file.source(), expected.name);
    }

    @Override
    public Tensor tensor(String name) {
        Place place = place(name);
        return place.file.tensor(place.name);
    }

    /** Returns a quantised tensor keeps its own shape, whose rows are whole blocks. */
    @Override
    public Tensor tensor(String name, int... shape) {
        Place place = place(name);
        Tensor stored = place.file.tensor(place.name, stored(place, shape));
        if (stored.dtype().isQuantised() || stored.shape().size() == shape.length) return stored;
        List<Integer> sizes = longAxes(stored.shape());
        List<Integer> asked = new ArrayList<>();
        for (int size : shape) asked.add(size == 1 ? 1 : sizes.removeFirst());
        return new Tensor(stored.data(), stored.dtype(), asked);
    }

    @Override
    public float[] floats(String name, int... shape) {
        Place place = place(name);
        return place.file.floats(place.name, stored(place, shape));
    }

    @Override
    public Matrix matrix(String name, int rows, int columns) {
        Tensor tensor = tensor(name, rows, columns);
        if (tensor.dtype().isWeight()) return tensor.asMatrix();
        Place place = place(name);
        return place.file.matrix(place.name, rows, columns); // refuses the type
    }

    @Override
    public void requireFinite(Matrix matrix) {
        for (Place place : places.values()) {
            Tensor tensor = place.file.tensor(place.name);
            if (tensor.data().asOverlappingSlice(matrix.data()).isPresent()) {
                place.file.requireFinite(matrix);
                return;
            }
        }
        Checkpoint.super.requireFinite(matrix);
    }

    /** Returns the tensor's own shape where it fits the expected one, else that, which its file will refuse. */
    private static int[] stored(Place place, int... shape) {
        List<Integer> found = place.file.tensor(place.name).shape();
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
        places.values().forEach(place -> place.file.requireUnchanged());
    }

    /** The files are closed by their owner. */
    @Override
    public void close() {}
}
