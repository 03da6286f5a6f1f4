package sparrow.speech.layers;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import sparrow.formats.weights.Checkpoint;
import sparrow.tensor.Tensor;

/**
 * A view of the tensors whose names in a checkpoint begin with a prefix. In the view, names do not include the prefix.
 */
record PrefixedNames(Checkpoint original, String prefix) implements Checkpoint {
    @Override
    public Path source() {
        return original.source();
    }

    @Override
    public Set<String> names() {
        return original.names().stream()
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Map<String, String> metadata() {
        return original.metadata();
    }

    @Override
    public boolean has(String name) {
        return original.has(prefix + name);
    }

    @Override
    public Tensor tensor(String name) {
        return original.tensor(prefix + name);
    }

    /** Calls the original's method, so that messages contain the full tensor name. */
    @Override
    public Tensor tensor(String name, int... shape) {
        return original.tensor(prefix + name, shape);
    }

    @Override
    public float[] floats(String name, int... shape) {
        return original.floats(prefix + name, shape);
    }

    @Override
    public void close() {
        original.close();
    }
}
