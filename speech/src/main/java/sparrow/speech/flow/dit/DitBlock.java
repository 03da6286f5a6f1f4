package sparrow.speech.flow.dit;

import java.util.ArrayList;
import java.util.List;
import sparrow.speech.layers.Batch;
import sparrow.speech.layers.CausalConvolution;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Linear;
import sparrow.speech.layers.Norm;
import sparrow.speech.layers.TiledAttention;
import sparrow.speech.layers.Workspace;
import sparrow.tensor.kernel.Activation;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * A diffusion transformer block (DiTBlock) with attention, causal convolutions and an MLP. Each module has a norm and
 * is modulated and gated by the flow time. A frame attends to all frames in its chunk and in the memory, without
 * positions.
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

    /** Creates the memory before the first chunk, for a number of sequences. */
    BlockMemory start(int sequences) {
        int inner = attention.heads() * attention.headWidth();
        return BlockMemory.start(
                sequences, inner, firstConvolution.start(sequences), secondConvolution.start(sequences));
    }

    /**
     * Computes the modulation of this block from the time embedding.
     *
     * @param activeTime time embedding after SiLU, [1, width]
     */
    Modulation.OfBlock modulation(Block activeTime) {
        return Modulation.OfBlock.of(time.kernels(), time.of(activeTime).data());
    }

    /** Transforms chunk x in place. */
    void run(Batch x, Modulation.OfBlock modulation, BlockMemory memory, Workspace workspace) {
        Block rows = x.all();
        // Contains the input of a module first, and the module's output afterwards.
        Batch change = workspace.take(x.sequences(), x.frames(), x.channels());
        modulation.attention().norm().layers(rows, change.all());
        attend(change, memory, workspace);
        modulation.attention().add(change.all(), rows);
        modulation.convolution().norm().layers(rows, change.all());
        Batch convolved = convolved(change, memory, workspace);
        modulation.convolution().add(convolved.all(), rows);
        workspace.release(convolved);
        modulation.feed().norm().layers(rows, change.all());
        feed(change.all(), workspace);
        modulation.feed().add(change.all(), rows);
        workspace.release(change);
    }

    /** Replaces x with the attention output. */
    private void attend(Batch x, BlockMemory memory, Workspace workspace) {
        int frames = x.sequences() * x.frames();
        Block q = workspace.take(frames, queries.weight().rows());
        Block k = workspace.take(frames, queries.weight().rows());
        Block v = workspace.take(frames, queries.weight().rows());
        queries.kernels().linear(x.all(), List.of(queries.product(q), keys.product(k), values.product(v)));
        queryNorm.layers(heads(q), heads(q));
        keyNorm.layers(heads(k), heads(k));
        Block mixed = workspace.take(frames, q.columns());
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
        out.into(mixed, x.all());
        for (Block block : List.of(q, k, v, mixed)) workspace.release(block);
    }

    /** Returns a view of x in which each row is one head of a row of x. */
    private Block heads(Block x) {
        return Block.of(x.data(), x.rows() * attention.heads(), attention.headWidth());
    }

    /** Applies CausalConvBlock: two causal convolutions with a norm and Mish between them. */
    private Batch convolved(Batch x, BlockMemory memory, Workspace workspace) {
        Kernels kernels = attention.kernels();
        Batch y = firstConvolution.of(x, memory.first(), workspace);
        convolutionNorm.layers(y.all(), y.all());
        kernels.apply(Activation.MISH, y.all());
        Batch z = secondConvolution.of(y, memory.second(), workspace);
        workspace.release(y);
        return z;
    }

    /** Replaces x with the MLP output. */
    private void feed(Block x, Workspace workspace) {
        Block hidden = up.of(x, workspace);
        attention.kernels().apply(Activation.GELU_TANH, hidden);
        down.into(hidden, x);
        workspace.release(hidden);
    }
}
