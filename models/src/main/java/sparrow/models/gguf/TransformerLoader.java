package sparrow.models.gguf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import sparrow.engine.transformer.AttentionSpan;
import sparrow.engine.transformer.Layer;
import sparrow.engine.transformer.Linear;
import sparrow.engine.transformer.SelfAttention;
import sparrow.engine.transformer.ShortConvolution;
import sparrow.engine.transformer.TokenMixer;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Gguf;
import sparrow.models.weights.RenamedCheckpoint;
import sparrow.tensor.Matrix;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.WeightLoader;

/**
 * Loads the transformer of any architecture and file format. Tensors are read by llama.cpp's names;
 * {@link RenamedCheckpoint} renames the tensors of other formats.
 */
public final class TransformerLoader {
    private static final long SMALL_BYTES = 64 << 20;

    private final Architecture architecture;
    private final TransformerConfig config;
    private final List<AttentionSpan> spans;
    private final Checkpoint checkpoint;
    private final WeightLoader load;

    private TransformerLoader(
            Architecture architecture,
            TransformerConfig config,
            List<AttentionSpan> spans,
            Checkpoint checkpoint,
            WeightLoader load) {
        this.architecture = architecture;
        this.config = config;
        this.spans = spans;
        this.checkpoint = checkpoint;
        this.load = load;
    }

    /**
     * Loads the transformer of a checkpoint in GGUF or another format.
     *
     * @param config the sizes, which must equal those in a GGUF file's metadata
     * @param originalNames the tensors' names in the other format, keyed by llama.cpp's names
     * @param load a function that prepares a matrix for the kernels
     * @throws BadFileException if a tensor is missing or has the wrong shape
     */
    public static Transformer load(
            Architecture architecture,
            TransformerConfig config,
            Checkpoint checkpoint,
            Map<String, String> originalNames,
            Kernels kernels,
            WeightLoader load) {
        if (checkpoint instanceof Gguf gguf) {
            GgufTransformer.checkConfig(gguf, config);
            return GgufTransformer.load(config, gguf, kernels, load);
        }
        requireAll(checkpoint, originalNames);
        List<AttentionSpan> spans = Collections.nCopies(config.layers(), AttentionSpan.CAUSAL);
        return load(architecture, config, spans, new RenamedCheckpoint(checkpoint, originalNames), kernels, load);
    }

    /** Checks that all tensors exist before gigabytes are repacked. */
    private static void requireAll(Checkpoint checkpoint, Map<String, String> originalNames) {
        originalNames.values().forEach(checkpoint::tensor);
    }

    /**
     * Loads the transformer of a checkpoint with llama.cpp's names.
     *
     * @param spans for each layer, the positions that a position attends to; ignored for a convolution
     */
    static Transformer load(
            Architecture architecture,
            TransformerConfig config,
            List<AttentionSpan> spans,
            Checkpoint checkpoint,
            Kernels kernels,
            WeightLoader load) {
        return new TransformerLoader(architecture, config, spans, checkpoint, load).transformer(kernels);
    }

    /**
     * Returns the number of rows in a matrix, for sizes that the configuration does not contain.
     *
     * @throws BadFileException if the matrix is missing, has another number of columns, or has no rows
     */
    public static int rows(Checkpoint checkpoint, String name, int columns) {
        int rows = checkpoint.tensor(name, -1, columns).shape().getFirst();
        if (rows < 1) throw new BadFileException(checkpoint.source(), "tensor " + name, "expected rows, found 0");
        return rows;
    }

    private Transformer transformer(Kernels kernels) {
        Matrix embedding = embedding();
        List<Layer> layers = new ArrayList<>();
        for (int layer = 1; layer <= config.layers(); layer++) {
            layers.add(
                    switch (architecture) {
                        case CHATGLM -> fused(layer);
                        case QWEN2, LFM2, LFM3 -> separate(layer);
                    });
        }
        String output = checkpoint.has(Names.OUTPUT) ? Names.OUTPUT : Names.EMBEDDING;
        Transformer transformer = new Transformer(
                config,
                kernels,
                embedding,
                layers,
                checkpoint.floats(architecture.outputNorm(), config.width()),
                load.load(checkpoint.matrix(output, config.vocabulary(), config.width())));
        return output.equals(Names.EMBEDDING) ? transformer.tied() : transformer;
    }

    /**
     * Returns the embedding, whose rows are read when they are used. A small embedding is checked for NaN and infinity
     * here.
     */
    private Matrix embedding() {
        Matrix embedding = checkpoint.matrix(Names.EMBEDDING, config.vocabulary(), config.width());
        if (embedding.data().byteSize() <= SMALL_BYTES) checkpoint.requireFinite(embedding);
        return embedding;
    }

    private Layer fused(int layer) {
        int q = config.queryWidth();
        int kv = config.kvWidth();
        int ffn = config.ffnWidth();
        Matrix qkv = checkpoint.matrix(Names.weight(layer, Names.QKV), q + 2 * kv, config.width());
        float[] bias = bias(layer, Names.QKV, q + 2 * kv);
        Matrix gateUp = checkpoint.matrix(Names.weight(layer, Names.UP), 2 * ffn, config.width());
        return layer(
                layer,
                attention(
                        layer, part(qkv, bias, 0, q), part(qkv, bias, q, q + kv), part(qkv, bias, q + kv, q + 2 * kv)),
                part(gateUp, null, 0, ffn),
                part(gateUp, null, ffn, 2 * ffn));
    }

    private Layer separate(int layer) {
        boolean convolves = checkpoint.has(Names.weight(layer, Names.CONVOLUTION_INPUT));
        return layer(
                layer,
                convolves
                        ? convolution(layer)
                        : attention(
                                layer,
                                whole(layer, Names.QUERY, config.queryWidth(), config.width()),
                                whole(layer, Names.KEY, config.kvWidth(), config.width()),
                                whole(layer, Names.VALUE, config.kvWidth(), config.width())),
                whole(layer, Names.GATE, config.ffnWidth(), config.width()),
                whole(layer, Names.UP, config.ffnWidth(), config.width()));
    }

    private SelfAttention attention(int layer, Linear query, Linear key, Linear value) {
        Linear output = whole(layer, Names.ATTENTION_OUTPUT, config.width(), config.queryWidth());
        if (!architecture.convolves()) return new SelfAttention(query, key, value, output);
        boolean gated = architecture == Architecture.LFM3;
        return new SelfAttention(
                query,
                key,
                value,
                output,
                checkpoint.floats(Names.weight(layer, Names.QUERY_NORM), config.headWidth()),
                checkpoint.floats(Names.weight(layer, Names.KEY_NORM), config.headWidth()),
                gated ? whole(layer, Names.ATTENTION_GATE, config.heads(), config.width()) : null,
                spans.get(layer - 1));
    }

    private ShortConvolution convolution(int layer) {
        int width = config.width();
        Matrix fused = checkpoint.matrix(Names.weight(layer, Names.CONVOLUTION_INPUT), 3 * width, width);
        return new ShortConvolution(
                part(fused, null, 0, width),
                part(fused, null, width, 2 * width),
                part(fused, null, 2 * width, 3 * width),
                taps(Names.weight(layer, Names.CONVOLUTION)),
                whole(layer, Names.CONVOLUTION_OUTPUT, width, width));
    }

    /** Transposes the taps from [width, K], or [width, 1, K] in the original, to [K][width]. */
    private float[][] taps(String name) {
        int width = config.width();
        boolean original = checkpoint.tensor(name).shape().size() == 3;
        float[] weights = original ? checkpoint.floats(name, width, 1, -1) : checkpoint.floats(name, width, -1);
        float[][] taps = new float[weights.length / width][width];
        for (int c = 0; c < width; c++) {
            for (int tap = 0; tap < taps.length; tap++) taps[tap][c] = weights[c * taps.length + tap];
        }
        return taps;
    }

    private Layer layer(int layer, TokenMixer mixer, Linear gate, Linear up) {
        return new Layer(
                checkpoint.floats(Names.weight(layer, Names.ATTENTION_NORM), config.width()),
                mixer,
                checkpoint.floats(Names.weight(layer, Names.FFN_NORM), config.width()),
                gate,
                up,
                whole(layer, Names.DOWN, config.width(), config.ffnWidth()),
                postNorms(layer));
    }

    /** Returns a layer's post norms, or null if it has none. */
    private Layer.PostNorms postNorms(int layer) {
        String attention = Names.weight(layer, Names.POST_ATTENTION_NORM);
        String ffn = Names.weight(layer, Names.POST_FFN_NORM);
        boolean any = checkpoint.has(attention) || checkpoint.has(ffn);
        if (architecture != Architecture.LFM3 || !any) return null;
        return new Layer.PostNorms(
                checkpoint.floats(attention, config.width()), checkpoint.floats(ffn, config.width()));
    }

    private Linear whole(int layer, String part, int rows, int columns) {
        Matrix matrix = checkpoint.matrix(Names.weight(layer, part), rows, columns);
        return new Linear(load.load(matrix), bias(layer, part, rows));
    }

    private Linear part(Matrix fused, float[] bias, int from, int to) {
        return new Linear(load.load(fused.slice(from, to)), bias == null ? null : Arrays.copyOfRange(bias, from, to));
    }

    /** Returns a part's bias, or null if it has none. */
    private float[] bias(int layer, String part, int rows) {
        String name = Names.bias(layer, part);
        return checkpoint.has(name) ? checkpoint.floats(name, rows) : null;
    }
}
