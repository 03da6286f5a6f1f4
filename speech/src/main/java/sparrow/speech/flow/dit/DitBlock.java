package sparrow.speech.flow.dit;

import java.util.ArrayList;
import java.util.List;
import sparrow.engine.kernel.Activation;
import sparrow.engine.kernel.Block;
import sparrow.engine.kernel.Kernels;
import sparrow.speech.layers.Batch;
import sparrow.speech.layers.CausalConvolution;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Linear;
import sparrow.speech.layers.Norm;
import sparrow.speech.layers.TiledAttention;

/**
 * A block of the diffusion transformer (DiTBlock): attention, causal convolutions, MLP, each normed, modulated and gated
 * by the time. A frame sees all frames of its chunk and of the memory, without positions.
 */
final class DitBlock {
    private static final int KERNEL = 3;

    private final int width;
    private final Linear time;
    private final TiledAttention attention;
    private final Linear queries;
    private final Linear keys;
    private final Linear values;
    private final Norm queryNorm;
    private final Norm keyNorm;
    private final Linear out;
    private final CausalConvolution firstConvolution;
    private final Norm convolutionNorm;
    private final CausalConvolution secondConvolution;
    private final Linear up;
    private final Linear down;

    DitBlock(LayerReader reader, String name, DitFlowConfig.Estimator config) {
        int inner = config.heads() * config.headWidth();
        this.width = config.width();
        this.time = reader.linear(name + ".adaLN_modulation.1", Modulation.OfBlock.CHUNKS * width, width);
        this.attention = new TiledAttention(reader.kernels(), config.heads(), config.headWidth());
        this.queries = reader.linear(name + ".attn.to_q", inner, width);
        this.keys = reader.linear(name + ".attn.to_k", inner, width);
        this.values = reader.linear(name + ".attn.to_v", inner, width);
        this.queryNorm = reader.norm(name + ".attn.q_norm", config.headWidth());
        this.keyNorm = reader.norm(name + ".attn.k_norm", config.headWidth());
        this.out = reader.linear(name + ".attn.proj", width, inner);
        this.firstConvolution = reader.causalConvolution(name + ".conv.block.1", width, width, KERNEL);
        this.convolutionNorm = reader.norm(name + ".conv.block.3", width);
        this.secondConvolution = reader.causalConvolution(name + ".conv.block.6", width, width, KERNEL);
        this.up = reader.linear(name + ".mlp.fc1", config.feedForward(), width);
        this.down = reader.linear(name + ".mlp.fc2", width, config.feedForward());
    }

    /** What is before the first chunk of so many sequences. */
    BlockMemory start(int sequences) {
        int inner = attention.heads() * attention.headWidth();
        return BlockMemory.start(
                sequences, inner, firstConvolution.start(sequences), secondConvolution.start(sequences));
    }

    /**
     * What the time does to this block.
     *
     * @param activeTime the time embedding after silu, [1, width]
     */
    Modulation.OfBlock modulation(Block activeTime) {
        return Modulation.OfBlock.of(time.kernels(), time.of(activeTime).data());
    }

    /** Transforms a chunk x in place. */
    void run(Batch x, Modulation.OfBlock modulation, BlockMemory memory) {
        Batch normed = normed(x, modulation.attention());
        modulation.attention().add(like(x, out.of(attend(normed, memory))), x);
        normed = normed(x, modulation.convolution());
        modulation.convolution().add(convolved(normed, memory), x);
        normed = normed(x, modulation.feed());
        modulation.feed().add(like(x, fed(normed.all())), x);
    }

    private static Batch normed(Batch x, Modulation.OfModule module) {
        return like(x, module.norm().layers(x.all()));
    }

    /** Rows as the frames of x's sequences. */
    private static Batch like(Batch x, Block rows) {
        return new Batch(rows.data(), x.sequences(), x.frames(), x.channels());
    }

    private Block attend(Batch x, BlockMemory memory) {
        Block q = queries.of(x.all());
        Block k = keys.of(x.all());
        Block v = values.of(x.all());
        queryNorm.layers(heads(q), heads(q));
        keyNorm.layers(heads(k), heads(k));
        Block mixed = Block.of(new float[q.data().length], q.rows(), q.columns());
        List<TiledAttention.Sequence> sequences = new ArrayList<>();
        for (int s = 0; s < x.sequences(); s++) {
            int from = s * x.frames();
            int to = from + x.frames();
            sequences.add(new TiledAttention.Sequence(
                    q.rows(from, to),
                    memory.keys().get(s).with(k.rows(from, to)),
                    memory.values().get(s).with(v.rows(from, to)),
                    mixed.rows(from, to)));
        }
        attention.attend(sequences);
        return mixed;
    }

    /** Every head of every row as a row of its own. */
    private Block heads(Block x) {
        return Block.of(x.data(), x.rows() * attention.heads(), attention.headWidth());
    }

    /** CausalConvBlock: two causal convolutions, a norm and mish in between. */
    private Batch convolved(Batch x, BlockMemory memory) {
        Kernels kernels = attention.kernels();
        Batch y = firstConvolution.of(x, memory.first());
        convolutionNorm.layers(y.all(), y.all());
        kernels.apply(Activation.MISH, y.all());
        return secondConvolution.of(y, memory.second());
    }

    private Block fed(Block x) {
        Block hidden = up.of(x);
        attention.kernels().apply(Activation.GELU_TANH, hidden);
        return down.of(hidden);
    }
}
