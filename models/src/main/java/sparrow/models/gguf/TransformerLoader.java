package sparrow.models.gguf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.kernel.Weight;
import sparrow.engine.tensor.Matrix;
import sparrow.engine.transformer.Layer;
import sparrow.engine.transformer.Linear;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.engine.weights.Checkpoint;
import sparrow.engine.weights.Gguf;
import sparrow.models.weights.RenamedCheckpoint;

/**
 * One transformer for every architecture and file format: the tensors go by the names that llama.cpp gives them, which a
 * checkpoint of another format gets through {@link RenamedCheckpoint}.
 */
public final class TransformerLoader {
    private TransformerLoader() {}

    /**
     * The transformer of a checkpoint in GGUF, or in another format by other names.
     *
     * @param config sizes; those of a GGUF file must be the same
     * @param originalNames the names of another format, by llama.cpp's
     * @param load makes a matrix ready for the kernels
     * @throws sparrow.engine.weights.BadFileException if a tensor is missing or does not fit
     */
    public static Transformer load(
            Architecture architecture,
            TransformerConfig config,
            Checkpoint checkpoint,
            Map<String, String> originalNames,
            Kernels kernels,
            Function<Matrix, Weight> load) {
        if (checkpoint instanceof Gguf gguf) {
            GgufTransformer.checkConfig(gguf, config);
            return GgufTransformer.load(config, gguf, kernels, load);
        }
        return load(architecture, config, new RenamedCheckpoint(checkpoint, originalNames), kernels, load);
    }

    /** The transformer of a checkpoint by llama.cpp's names. */
    static Transformer load(
            Architecture architecture,
            TransformerConfig config,
            Checkpoint checkpoint,
            Kernels kernels,
            Function<Matrix, Weight> load) {
        List<Layer> layers = new ArrayList<>();
        for (int layer = 1; layer <= config.layers(); layer++) {
            layers.add(
                    switch (architecture) {
                        case CHATGLM -> fused(config, checkpoint, layer, load);
                        case QWEN2 -> separate(config, checkpoint, layer, load);
                    });
        }
        String output = checkpoint.has(Names.OUTPUT) ? Names.OUTPUT : Names.EMBEDDING;
        return new Transformer(
                config,
                kernels,
                checkpoint.matrix(Names.EMBEDDING, config.vocabulary(), config.width()),
                layers,
                checkpoint.floats(Names.OUTPUT_NORM, config.width()),
                load.apply(checkpoint.matrix(output, config.vocabulary(), config.width())));
    }

    private static Layer fused(TransformerConfig c, Checkpoint checkpoint, int layer, Function<Matrix, Weight> load) {
        int q = c.queryWidth();
        int kv = c.kvWidth();
        int ffn = c.ffnWidth();
        Matrix qkv = checkpoint.matrix(Names.weight(layer, Names.QKV), q + 2 * kv, c.width());
        float[] bias = bias(checkpoint, layer, Names.QKV, q + 2 * kv);
        Matrix gateUp = checkpoint.matrix(Names.weight(layer, Names.UP), 2 * ffn, c.width());
        return layer(
                c,
                checkpoint,
                layer,
                load,
                part(qkv, bias, 0, q, load),
                part(qkv, bias, q, q + kv, load),
                part(qkv, bias, q + kv, q + 2 * kv, load),
                part(gateUp, null, 0, ffn, load),
                part(gateUp, null, ffn, 2 * ffn, load));
    }

    private static Layer separate(
            TransformerConfig c, Checkpoint checkpoint, int layer, Function<Matrix, Weight> load) {
        return layer(
                c,
                checkpoint,
                layer,
                load,
                whole(checkpoint, layer, Names.QUERY, c.queryWidth(), c.width(), load),
                whole(checkpoint, layer, Names.KEY, c.kvWidth(), c.width(), load),
                whole(checkpoint, layer, Names.VALUE, c.kvWidth(), c.width(), load),
                whole(checkpoint, layer, Names.GATE, c.ffnWidth(), c.width(), load),
                whole(checkpoint, layer, Names.UP, c.ffnWidth(), c.width(), load));
    }

    private static Layer layer(
            TransformerConfig c,
            Checkpoint checkpoint,
            int layer,
            Function<Matrix, Weight> load,
            Linear query,
            Linear key,
            Linear value,
            Linear gate,
            Linear up) {
        return new Layer(
                checkpoint.floats(Names.weight(layer, Names.ATTENTION_NORM), c.width()),
                query,
                key,
                value,
                whole(checkpoint, layer, Names.ATTENTION_OUTPUT, c.width(), c.queryWidth(), load),
                checkpoint.floats(Names.weight(layer, Names.FFN_NORM), c.width()),
                gate,
                up,
                whole(checkpoint, layer, Names.DOWN, c.width(), c.ffnWidth(), load));
    }

    private static Linear whole(
            Checkpoint checkpoint, int layer, String part, int rows, int columns, Function<Matrix, Weight> load) {
        Matrix matrix = checkpoint.matrix(Names.weight(layer, part), rows, columns);
        return new Linear(load.apply(matrix), bias(checkpoint, layer, part, rows));
    }

    private static Linear part(Matrix fused, float[] bias, int from, int to, Function<Matrix, Weight> load) {
        return new Linear(load.apply(fused.slice(from, to)), bias == null ? null : Arrays.copyOfRange(bias, from, to));
    }

    /** null where the file has none. */
    private static float[] bias(Checkpoint checkpoint, int layer, String part, int rows) {
        String name = Names.bias(layer, part);
        return checkpoint.has(name) ? checkpoint.floats(name, rows) : null;
    }
}
