package sparrow.models.lfm2;

import java.util.ArrayList;
import java.util.List;
import sparrow.engine.transformer.HeadWeights;
import sparrow.engine.transformer.Layer;
import sparrow.engine.transformer.Linear;
import sparrow.engine.transformer.Logits;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.SelfAttention;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.formats.weights.Checkpoint;
import sparrow.models.frame.DepthModel;
import sparrow.models.gguf.TransformerLoader;
import sparrow.tensor.Matrix;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.Weight;
import sparrow.tensor.kernel.WeightLoader;

/**
 * The small transformer that predicts the codes of a frame one by one (the official depthformer). Each position is a
 * codebook. The input of codebook i is its part of the {@code FrontHead}'s output plus the embedding of code i - 1.
 * Each codebook has its own norm and output matrix. Immutable and thread-safe.
 */
public final class DepthDecoder implements DepthModel {
    /** Codes per codebook, including the end code. */
    public static final int CODES = 2049;

    /** The end code, which ends speech in the first codebook. */
    static final int END_CODE = 2048;

    private static final float EPSILON = 1e-5f;
    private static final double ROPE_BASE = 1e6;

    private final Transformer layers;
    private final List<Codebook> codebooks;

    /**
     * A codebook.
     *
     * @param embedding the embeddings of its codes, added to the input of the next codebook, [codes, width]
     * @param head the norm and output matrix that compute the scores of its codes
     */
    private record Codebook(Matrix embedding, HeadWeights head) {}

    private DepthDecoder(Transformer layers, List<Codebook> codebooks) {
        this.layers = layers;
        this.codebooks = codebooks;
    }

    /**
     * Loads a checkpoint's depth decoder.
     *
     * @param load a function that prepares a matrix for the kernels
     * @throws sparrow.formats.BadFileException if a tensor is missing or has the wrong shape
     */
    static DepthDecoder load(Lfm2Config config, Checkpoint checkpoint, Kernels kernels, WeightLoader load) {
        int width = config.depthWidth();
        List<Codebook> codebooks = new ArrayList<>();
        for (int i = 0; i < config.codebooks(); i++) {
            String name = "depth_embeddings." + i + ".";
            Matrix embedding = checkpoint.matrix(name + "embedding.weight", CODES, width);
            // The output matrix may be missing if it is equal to the embedding.
            String head = name + "to_logits.weight";
            Matrix rows = checkpoint.has(head) ? checkpoint.matrix(head, CODES, width) : embedding;
            float[] norm = checkpoint.floats(name + "embedding_norm.weight", width);
            codebooks.add(new Codebook(embedding, new HeadWeights(null, norm, EPSILON, load.load(rows), null)));
        }
        return new DepthDecoder(layers(config, checkpoint, kernels, load, codebooks.getFirst()), codebooks);
    }

    private static Transformer layers(
            Lfm2Config config, Checkpoint checkpoint, Kernels kernels, WeightLoader load, Codebook first) {
        int width = config.depthWidth();
        int headWidth = width / Lfm2Config.DEPTH_HEADS;
        int ffnWidth = TransformerLoader.rows(checkpoint, "depthformer.layers.0.feed_forward.w1.weight", width);
        TransformerConfig sizes = new TransformerConfig(
                config.depthLayers(),
                width,
                Lfm2Config.DEPTH_HEADS,
                Lfm2Config.DEPTH_KV_HEADS,
                headWidth,
                ffnWidth,
                CODES,
                config.codebooks(),
                EPSILON,
                new Rope(headWidth, ROPE_BASE, Rope.Pairing.INTERLEAVED));
        List<Layer> layers = new ArrayList<>();
        for (int layer = 0; layer < sizes.layers(); layer++) {
            layers.add(new Part(checkpoint, load, "depthformer.layers." + layer + ".").layer(sizes));
        }
        Weight head = first.head().parts().getFirst();
        return new Transformer(
                sizes, kernels, first.embedding(), layers, first.head().norm(), head);
    }

    /** Returns a tensor's name in GGUF, where names have up to 63 bytes. */
    static String shortName(String original) {
        return original.replace("bounded_attention", "attention");
    }

    /** Loads a layer from the checkpoint. */
    private record Part(Checkpoint checkpoint, WeightLoader load, String name) {
        Layer layer(TransformerConfig sizes) {
            int width = sizes.width();
            int ffn = sizes.ffnWidth();
            return new Layer(
                    norm("operator_norm", width),
                    attention(sizes),
                    norm("ffn_norm", width),
                    linear("feed_forward.w1", ffn, width),
                    linear("feed_forward.w3", ffn, width),
                    linear("feed_forward.w2", width, ffn));
        }

        private SelfAttention attention(TransformerConfig sizes) {
            int query = sizes.queryWidth();
            int kv = sizes.kvWidth();
            Matrix fused = checkpoint.matrix(name + "operator.qkv_proj.weight", query + 2 * kv, sizes.width());
            return new SelfAttention(
                    new Linear(load.load(fused.slice(0, query)), null),
                    new Linear(load.load(fused.slice(query, query + kv)), null),
                    new Linear(load.load(fused.slice(query + kv, query + 2 * kv)), null),
                    linear("operator.out_proj", sizes.width(), query),
                    norm("operator.bounded_attention.q_layernorm", sizes.headWidth()),
                    norm("operator.bounded_attention.k_layernorm", sizes.headWidth()));
        }

        private float[] norm(String part, int width) {
            String original = name + part + ".weight";
            String shorter = shortName(original);
            return checkpoint.floats(checkpoint.has(shorter) ? shorter : original, width);
        }

        private Linear linear(String part, int rows, int columns) {
            return new Linear(load.load(checkpoint.matrix(name + part + ".weight", rows, columns)), null);
        }
    }

    /** Returns the layers, with embedding, norm and output matrix of the first codebook. */
    @Override
    public Transformer layers() {
        return layers;
    }

    /** Returns the number of weight bytes that are read for the first {@code count} codebooks of a frame. */
    private long bytes(int count) {
        long bytes = 0;
        for (int layer = 1; layer <= layers.config().layers(); layer++) bytes += layers.layerBytes(layer);
        bytes *= count;
        for (int i = 0; i < count; i++) bytes += head(i).parts().getFirst().bytes();
        return bytes;
    }

    @Override
    public long frameBytes() {
        return bytes(codebooks());
    }

    @Override
    public long firstBytes() {
        return bytes(1);
    }

    @Override
    public int codebooks() {
        return codebooks.size();
    }

    @Override
    public int codes() {
        return CODES;
    }

    @Override
    public boolean predictsOneByOne() {
        return true;
    }

    /** Returns whether the first code is the end code. The end code has no meaning in other codebooks. */
    @Override
    public boolean endsSpeech(List<Integer> frame) {
        return frame.getFirst() == END_CODE;
    }

    @Override
    public int width() {
        return layers.config().width();
    }

    @Override
    public Chooser newChooser() {
        DepthSteps steps = new DepthSteps(this);
        return (inputs, queries) -> new StepwiseChoice(steps, codebooks(), inputs, queries);
    }

    @Override
    public List<Logits> scores(float[] input, List<Integer> codes) {
        DepthSteps steps = new DepthSteps(this);
        steps.begin(List.of(input));
        List<Logits> scores = new ArrayList<>();
        for (int code : codes) {
            scores.add(Logits.of(steps.next().getFirst().values().clone(), null));
            if (code == END_CODE && scores.size() == 1) break;
            steps.accept(List.of(code));
        }
        return scores;
    }

    @Override
    public HeadWeights head(int codebook) {
        return codebooks.get(codebook).head();
    }

    /** Adds the embedding of a code to the input of the next codebook, [width]. */
    @Override
    public void addEmbedding(int codebook, int code, float[] input) {
        float[] embedding = new float[input.length];
        codebooks.get(codebook).embedding().row(code, embedding, 0);
        for (int c = 0; c < input.length; c++) input[c] += embedding[c];
    }
}
