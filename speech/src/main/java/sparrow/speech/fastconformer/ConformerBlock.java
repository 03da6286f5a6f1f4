package sparrow.speech.fastconformer;

import sparrow.speech.layers.AttentionMask;
import sparrow.speech.layers.KeyValues;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Linear;
import sparrow.speech.layers.Norm;
import sparrow.speech.layers.Probe;
import sparrow.speech.layers.RelativeAttention;
import sparrow.speech.layers.Workspace;
import sparrow.tensor.kernel.Activation;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * A block of the encoder (ConformerLayer): half of a feed-forward module, attention, convolution, and the other half of
 * a feed-forward module. A separate norm precedes each module, and the module's output is added to the residual stream.
 * A final norm is applied to the result.
 */
final class ConformerBlock {
    /** All frames attend to each other. */
    static final AttentionMask MASK = new AttentionMask.Full();

    private final Kernels kernels;
    private final String name;
    private final FeedForward before;
    private final Norm attentionNorm;
    private final RelativeAttention attention;
    private final Norm convolutionNorm;
    private final ConvolutionModule convolution;
    private final FeedForward after;
    private final Norm outNorm;

    /** A feed-forward module and its preceding norm. */
    private record FeedForward(Norm norm, Linear widen, Linear narrow) {
        static FeedForward read(LayerReader reader, String name, String number, FastConformerConfig config) {
            String module = name + "feed_forward" + number;
            return new FeedForward(
                    reader.norm(name + "norm_feed_forward" + number, config.width()),
                    reader.linear(module + ".linear1", config.feedForward(), config.width()),
                    reader.linear(module + ".linear2", config.width(), config.feedForward()));
        }

        Block of(Block x, Kernels kernels, Workspace workspace) {
            Block normed = norm.layers(x, workspace);
            Block inner = widen.of(normed, workspace);
            kernels.apply(Activation.SILU, inner);
            narrow.into(inner, normed);
            workspace.release(inner);
            return normed;
        }
    }

    /**
     * Reads the block whose tensor names begin with {@code name}.
     *
     * @param name prefix, including the trailing dot
     */
    ConformerBlock(LayerReader reader, String name, FastConformerConfig config) {
        this.kernels = reader.kernels();
        this.name = name;
        int width = config.width();
        before = FeedForward.read(reader, name, "1", config);
        attentionNorm = reader.norm(name + "norm_self_att", width);
        attention = new RelativeAttention(reader, name + "self_attn", width, config.heads(), MASK);
        convolutionNorm = reader.norm(name + "norm_conv", width);
        convolution = new ConvolutionModule(reader, name + "conv.", config);
        after = FeedForward.read(reader, name, "2", config);
        outNorm = reader.norm(name + "norm_out", width);
    }

    /**
     * Runs the residual stream through the block in place.
     *
     * @param x input and output, [frames, width]; must fill its array
     * @param positions result of {@link RelativeAttention#positions} for this number of frames
     * @param probe probe that receives the output of each module before it is added to the residual stream
     */
    void run(Block x, Block positions, Workspace workspace, Probe probe) {
        Block fed = before.of(x, kernels, workspace);
        add("feed_forward1", 0.5f, fed, x, probe);
        workspace.release(fed);

        Block normed = attentionNorm.layers(x, workspace);
        add("self_attn", 1, attention.attend(normed, positions, new KeyValues(x.columns())), x, probe);

        convolutionNorm.layers(x, normed);
        Block convolved = convolution.of(normed, workspace);
        add("conv", 1, convolved, x, probe);
        workspace.release(convolved);
        workspace.release(normed);

        fed = after.of(x, kernels, workspace);
        add("feed_forward2", 0.5f, fed, x, probe);
        workspace.release(fed);
        outNorm.layers(x, x);
    }

    private void add(String module, float factor, Block y, Block x, Probe probe) {
        probe.see(name + module, y);
        kernels.addScaled(factor, y, x);
    }
}
