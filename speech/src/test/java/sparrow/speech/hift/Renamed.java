package sparrow.speech.hift;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.MissingTensorException;
import sparrow.tensor.Tensor;

/** A checkpoint whose tensors have other names. */
record Renamed(Checkpoint original, Map<String, String> originals) implements Checkpoint {
    Renamed(Checkpoint original, UnaryOperator<String> names) {
        this(original, original.names().stream().collect(Collectors.toMap(names, name -> name)));
    }

    @Override
    public Path source() {
        return original.source();
    }

    @Override
    public Set<String> names() {
        return originals.keySet();
    }

    @Override
    public Tensor tensor(String name) {
        if (!has(name)) throw new MissingTensorException(source(), name);
        return original.tensor(originals.get(name));
    }

    @Override
    public void close() {}
}
