package sparrow.models.lfm3;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sparrow.engine.head.OutputHead;
import sparrow.engine.transformer.AttentionSpan;
import sparrow.engine.transformer.HeadWeights;
import sparrow.engine.transformer.Layer;
import sparrow.engine.transformer.Linear;
import sparrow.engine.transformer.Logits;
import sparrow.engine.transformer.SelfAttention;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.formats.weights.Gguf;
import sparrow.models.frame.DepthModel;
import sparrow.models.frame.FrameChoice;
import sparrow.tensor.Matrix;
import sparrow.tensor.Tensor;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.WeightLoader;

/**
 * The small transformer that predicts a frame's codes in three passes of four codes each (MaskGIT). Each position is a
 * codebook, and all positions attend to each other. A codebook's input is its part of the front head's output plus the
 * embedding of its code, or the embedding of a mask while the code is unknown. The embeddings are also the output
 * matrix. Immutable and thread-safe.
 */
final class MaskedDepthDecoder implements DepthModel {
    /** Number of passes per frame, a constant of llama.cpp. */
    static final int PASSES = 3;

    /** Number of codes that a pass predicts. */
    static final int CODES_PER_PASS = AudioGguf.CODEBOOKS / PASSES;

    private final Transformer layers;

    /** Embeddings, [codebooks * codes, width]. Row {@code codebook * codes + code} is the embedding of a code. */
    private final Matrix embedding;

    private final float[] mask;
    private final List<HeadWeights> heads;

    private MaskedDepthDecoder(Transformer layers, Matrix embedding, float[] mask, List<HeadWeights> heads) {
        this.layers = layers;
        this.embedding = embedding;
        this.mask = mask;
        this.heads = heads;
    }

    /**
     * Loads the decoder.
     *
     * @param load a function that prepares a matrix for the kernels
     * @throws sparrow.formats.BadFileException if a tensor is missing or has the wrong shape
     */
    static MaskedDepthDecoder load(AudioGguf sound, Kernels kernels, WeightLoader load) {
        Gguf file = sound.file();
        TransformerConfig config = sound.frameConfig();
        int codes = config.vocabulary();
        int width = config.width();
        Tensor stored = file.tensor("a.gen.code.embd.weight");
        Matrix embedding =
                new Tensor(stored.data(), stored.dtype(), List.of(AudioGguf.CODEBOOKS * codes, width)).asMatrix();
        float[] norm = file.floats("a.gen.code.head_norm.weight", width);
        List<HeadWeights> heads = new ArrayList<>();
        for (int i = 0; i < AudioGguf.CODEBOOKS; i++) {
            Matrix rows = embedding.slice(i * codes, (i + 1) * codes);
            heads.add(new HeadWeights(null, norm, config.normEpsilon(), load.load(rows), null));
        }
        List<Layer> layers = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) layers.add(new Part(file, load, layer).layer(config));
        return new MaskedDepthDecoder(
                new Transformer(
                        config,
                        kernels,
                        embedding.slice(0, codes),
                        layers,
                        file.floats("a.gen.code.output_norm.weight", width),
                        heads.getFirst().parts().getFirst()),
                embedding,
                file.floats("a.gen.code.mask_embd", width),
                heads);
    }

    /** Loads a layer with the given index, counted from 0. */
    private record Part(Gguf file, WeightLoader load, int layer) {
        Layer layer(TransformerConfig sizes) {
            int width = sizes.width();
            int ffn = sizes.ffnWidth();
            SelfAttention attention = new SelfAttention(
                    linear("attn_q", sizes.queryWidth(), width),
                    linear("attn_k", sizes.kvWidth(), width),
                    linear("attn_v", sizes.kvWidth(), width),
                    linear("attn_out", width, sizes.queryWidth()),
                    norm("attn_q_norm", sizes.headWidth()),
                    norm("attn_k_norm", sizes.headWidth()),
                    linear("attn_gate", sizes.heads(), width),
                    new AttentionSpan.Whole());
            return new Layer(
                    norm("ln1", width),
                    attention,
                    norm("ln2", width),
                    linear("ffn_gate", ffn, width),
                    linear("ffn_up", ffn, width),
                    linear("ffn_down", width, ffn),
                    new Layer.PostNorms(norm("attn_post_norm", width), norm("ffn_post_norm", width)));
        }

        private float[] norm(String part, int width) {
            return file.floats(AudioGguf.frameLayer(layer, part), width);
        }

        private Linear linear(String part, int rows, int columns) {
            return new Linear(load.load(file.matrix(AudioGguf.frameLayer(layer, part), rows, columns)), null);
        }
    }

    @Override
    public int codebooks() {
        return heads.size();
    }

    @Override
    public int codes() {
        return layers.config().vocabulary();
    }

    @Override
    public boolean predictsOneByOne() {
        return false;
    }

    /** Returns whether any codebook's code is the end code. */
    @Override
    public boolean endsSpeech(List<Integer> frame) {
        return frame.contains(endCode());
    }

    @Override
    public int width() {
        return layers.config().width();
    }

    @Override
    public long frameBytes() {
        long bytes = PASSES * passBytes();
        for (HeadWeights head : heads) bytes += head.bytes();
        return bytes;
    }

    @Override
    public long firstBytes() {
        return passBytes() + heads.getFirst().bytes();
    }

    private long passBytes() {
        long bytes = 0;
        for (int layer = 1; layer <= layers.config().layers(); layer++) bytes += layers.layerBytes(layer);
        return bytes;
    }

    /**
     * Returns the layers. The first codebook's codes are the vocabulary, and the first of the two norms is the final
     * norm.
     */
    @Override
    public Transformer layers() {
        return layers;
    }

    /** Returns the second of the two norms and the output matrix, which compute the scores of a codebook's codes. */
    @Override
    public HeadWeights head(int codebook) {
        return heads.get(codebook);
    }

    @Override
    public void addEmbedding(int codebook, int code, float[] input) {
        float[] row = new float[width()];
        embedding.row(codebook * codes() + code, row, 0);
        for (int c = 0; c < input.length; c++) input[c] += row[c];
    }

    /** Adds the embedding of an unknown code to an input. */
    void addMask(float[] input) {
        for (int c = 0; c < input.length; c++) input[c] += mask[c];
    }

    @Override
    public Chooser newChooser() {
        MaskedPass pass = new MaskedPass(this);
        return new Chooser() {
            @Override
            public FrameChoice choice(List<float[]> inputs, List<OutputHead.Query> queries) {
                return new MaskedChoice(MaskedDepthDecoder.this, pass, inputs, queries);
            }
        };
    }

    /** Scores the codes in the order of the codebooks. */
    @Override
    public List<Logits> scores(float[] input, List<Integer> codes) {
        MaskedPass pass = new MaskedPass(this);
        List<Logits> scores = new ArrayList<>();
        for (int first = 0; first < codebooks(); first += CODES_PER_PASS) {
            int[] known = new int[codebooks()];
            Arrays.fill(known, MaskedPass.UNKNOWN);
            for (int i = 0; i < first; i++) known[i] = codes.get(i);
            pass.run(List.of(input), List.of(known));
            for (int i = first; i < first + CODES_PER_PASS; i++) {
                float[] values = pass.logits(i, List.of(0)).getFirst().values();
                scores.add(Logits.of(values.clone(), null));
            }
            if (endsSpeech(codes.subList(0, first + CODES_PER_PASS))) break;
        }
        return scores;
    }
}
