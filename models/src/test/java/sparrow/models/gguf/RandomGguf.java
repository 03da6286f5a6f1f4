package sparrow.models.gguf;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import sparrow.formats.weights.GgufValue;
import sparrow.formats.weights.GgufWriter;
import sparrow.formats.weights.TensorDescription;
import sparrow.tensor.DType;

/**
 * Tiny language models with random weights as GGUF files: 2 layers of width 64, 4 heads (2 for keys and values), 96
 * inner channels, 128 ids. Keys and tensors can be changed before the file is written.
 */
final class RandomGguf {
    static final int WIDTH = 64;
    static final int FFN = 96;
    static final int KV = 32;
    static final int VOCABULARY = 128;
    static final int LAYERS = 2;

    final Map<String, GgufValue> keys = new LinkedHashMap<>();
    final Map<String, float[]> tensors = new LinkedHashMap<>();
    private final Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    private final SplittableRandom random;

    private RandomGguf(Architecture architecture, long seed) {
        random = new SplittableRandom(seed);
        keys.put("general.architecture", new GgufValue.Text(architecture.label()));
        whole(architecture, "block_count", LAYERS);
        whole(architecture, "context_length", 512);
        whole(architecture, "embedding_length", WIDTH);
        whole(architecture, "feed_forward_length", FFN);
        whole(architecture, "attention.head_count", 4);
        whole(architecture, "attention.head_count_kv", 2);
        keys.put(architecture.key("attention.layer_norm_rms_epsilon"), new GgufValue.Number(1e-6f));
    }

    private void whole(Architecture architecture, String size, int value) {
        keys.put(architecture.key(size), new GgufValue.Whole(value));
    }

    /** Query, key, value, gate and up apart, in f32. */
    static RandomGguf qwen2(long seed) {
        RandomGguf model = new RandomGguf(Architecture.QWEN2, seed);
        model.add(Names.EMBEDDING, VOCABULARY, WIDTH);
        for (int layer = 1; layer <= LAYERS; layer++) {
            model.norm(Names.weight(layer, Names.ATTENTION_NORM));
            for (String part : List.of(Names.QUERY, Names.KEY, Names.VALUE)) {
                int rows = part.equals(Names.QUERY) ? WIDTH : KV;
                model.add(Names.weight(layer, part), rows, WIDTH);
                model.add(Names.bias(layer, part), rows);
            }
            model.add(Names.weight(layer, Names.ATTENTION_OUTPUT), WIDTH, WIDTH);
            model.norm(Names.weight(layer, Names.FFN_NORM));
            model.add(Names.weight(layer, Names.GATE), FFN, WIDTH);
            model.add(Names.weight(layer, Names.UP), FFN, WIDTH);
            model.add(Names.weight(layer, Names.DOWN), WIDTH, FFN);
        }
        model.norm(Names.OUTPUT_NORM);
        model.add(Names.OUTPUT, VOCABULARY, WIDTH);
        return model;
    }

    /** The same numbers in ChatGLM's fused matrices. */
    static RandomGguf chatglm(long seed) {
        RandomGguf parts = qwen2(seed);
        RandomGguf model = new RandomGguf(Architecture.CHATGLM, seed);
        model.whole(Architecture.CHATGLM, "rope.dimension_count", WIDTH / 4 / 2);
        parts.tensors.forEach((name, values) -> model.put(name, values, parts.shapes.get(name)));
        for (int layer = 1; layer <= LAYERS; layer++) {
            model.fuse(Names.weight(layer, Names.QKV), weights(layer, Names.QUERY, Names.KEY, Names.VALUE));
            model.fuse(Names.bias(layer, Names.QKV), biases(layer, Names.QUERY, Names.KEY, Names.VALUE));
            model.fuse(Names.weight(layer, Names.UP), weights(layer, Names.GATE, Names.UP));
        }
        return model;
    }

    private static List<String> weights(int layer, String... parts) {
        return List.of(parts).stream().map(part -> Names.weight(layer, part)).toList();
    }

    private static List<String> biases(int layer, String... parts) {
        return List.of(parts).stream().map(part -> Names.bias(layer, part)).toList();
    }

    private void fuse(String name, List<String> parts) {
        float[] all = new float[0];
        List<Integer> shape = new ArrayList<>(shapes.get(parts.getFirst()));
        int rows = 0;
        for (String part : parts) {
            float[] values = tensors.remove(part);
            rows += shapes.remove(part).getFirst();
            float[] longer = Arrays.copyOf(all, all.length + values.length);
            System.arraycopy(values, 0, longer, all.length, values.length);
            all = longer;
        }
        shape.set(0, rows);
        put(name, all, shape);
    }

    private void add(String name, Integer... shape) {
        int count = 1;
        for (int size : shape) count *= size;
        float[] values = new float[count];
        // Scales that keep the residual stream near 1, so that every layer matters.
        double scale = shape.length == 1 ? 0.5 : name.equals(Names.EMBEDDING) ? 1 : 1 / Math.sqrt(shape[1]);
        for (int i = 0; i < count; i++) values[i] = (float) (random.nextGaussian() * scale);
        put(name, values, List.of(shape));
    }

    private void norm(String name) {
        float[] values = new float[WIDTH];
        for (int i = 0; i < WIDTH; i++) values[i] = (float) random.nextDouble(0.5, 1.5);
        put(name, values, List.of(WIDTH));
    }

    void put(String name, float[] values, List<Integer> shape) {
        tensors.put(name, values);
        shapes.put(name, shape);
    }

    /** Writes the model with its matrices in a type; the rest stays f32. */
    Path write(Path file, DType matrices) throws IOException {
        List<TensorDescription> entries = tensors.keySet().stream()
                .map(name -> new TensorDescription(
                        name, shapes.get(name).size() > 1 ? matrices : DType.F32, shapes.get(name)))
                .toList();
        GgufWriter.write(
                file,
                Collections.unmodifiableMap(keys),
                entries,
                (entry, to) -> entry.write(tensors.get(entry.name()), to));
        return file;
    }
}
