package sparrow.speech.layers;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sparrow.formats.weights.Checkpoint;
import sparrow.tensor.Tensor;

/**
 * A view of a checkpoint with folded weight norms: a layer's directions and lengths are combined into
 * {@code LAYER.weight}, as f32, on demand. {@link LayerReader} reads checkpoints with and without folded norms. Closing
 * the view closes the original.
 */
public record FoldedCheckpoint(Checkpoint original) implements Checkpoint {
    private static final String WEIGHT = ".weight";

    @Override
    public Path source() {
        return original.source();
    }

    @Override
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        for (String name : original.names()) {
            String layer = WeightNorm.layer(name);
            names.add(layer.equals(name) ? name : layer + WEIGHT);
        }
        return names;
    }

    @Override
    public Map<String, String> metadata() {
        return original.metadata();
    }

    @Override
    public Tensor tensor(String name) {
        if (original.has(name) || !name.endsWith(WEIGHT)) return original.tensor(name);
        String layer = name.substring(0, name.length() - WEIGHT.length());
        String lengths = WeightNorm.lengths(original, layer);
        String direction = WeightNorm.direction(original, layer);
        if (!original.has(lengths) && !original.has(direction)) return original.tensor(name);
        List<Integer> shape = original.tensor(direction, -1, -1, -1).shape();
        int[] sizes = shape.stream().mapToInt(Integer::intValue).toArray();
        float[] folded = WeightNorm.fold(original.floats(direction, sizes), original.floats(lengths, sizes[0], 1, 1));
        return Tensor.of(folded, sizes);
    }

    @Override
    public void requireUnchanged() {
        original.requireUnchanged();
    }

    @Override
    public void close() {
        original.close();
    }
}
