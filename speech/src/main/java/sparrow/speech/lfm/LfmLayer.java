package sparrow.speech.lfm;

import java.util.List;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Linear;
import sparrow.speech.layers.Workspace;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * A layer of LFM2 or LFM3, which consists of a {@link Mixer} and a gated feed-forward module. A norm precedes each
 * part, and the part's output is added to the residual stream. If the checkpoint contains post norms, both outputs are
 * normalised before they are added.
 */
final class LfmLayer {
    private final Kernels kernels;
    private final float epsilon;
    private final float[] mixerNorm;
    private final Mixer mixer;
    private final float[] feedNorm;
    private final Linear gate;
    private final Linear up;
    private final Linear down;

    /** Weights of the post norms, [width] each, or null if there are none. */
    private final float[] mixerPostNorm;

    private final float[] feedPostNorm;

    /**
     * Reads the layer whose tensor names begin with {@code name}.
     *
     * @param name prefix, including the trailing dot
     */
    LfmLayer(LayerReader reader, String name, LfmConfig.Mixing mixing, LfmConfig config) {
        kernels = reader.kernels();
        epsilon = config.epsilon();
        int width = config.width();
        mixerNorm = reader.vector(name + "operator_norm.weight", width);
        mixer = switch (mixing) {
            case CONVOLUTION -> new ShortConvolution(reader, name + "conv.", config);
            case ATTENTION -> new WindowAttention(reader, name + "self_attn.", config);
        };
        feedNorm = reader.vector(name + "ffn_norm.weight", width);
        String feed = name + "feed_forward.";
        int inner = reader.checkpoint()
                .tensor(feed + "w1.weight", -1, width)
                .shape()
                .getFirst();
        gate = reader.linearWithoutBias(feed + "w1", inner, width);
        up = reader.linearWithoutBias(feed + "w3", inner, width);
        down = reader.linearWithoutBias(feed + "w2", width, inner);
        String mixerPost = name + "post_operator_norm.weight";
        String feedPost = name + "post_ffn_norm.weight";
        boolean post = reader.checkpoint().has(mixerPost) || reader.checkpoint().has(feedPost);
        mixerPostNorm = post ? reader.vector(mixerPost, width) : null;
        feedPostNorm = post ? reader.vector(feedPost, width) : null;
    }

    Mixer.Sequence start() {
        return mixer.start();
    }

    /**
     * Runs the next rows of the residual stream through the layer, in place.
     *
     * @param x input and output, [rows, width]; must fill its array
     * @param sequence sequence returned by {@link #start}
     */
    void run(Block x, Mixer.Sequence sequence, Workspace workspace) {
        Block normed = workspace.take(x.rows(), x.columns());
        kernels.rmsNorm(x, mixerNorm, epsilon, normed);
        Block mixed = sequence.mix(normed, workspace);
        if (mixerPostNorm != null) kernels.rmsNorm(mixed, mixerPostNorm, epsilon, mixed);
        kernels.addScaled(1, mixed, x);
        workspace.release(mixed);

        kernels.rmsNorm(x, feedNorm, epsilon, normed);
        Block gated = workspace.take(x.rows(), gate.weight().rows());
        Block wide = workspace.take(x.rows(), up.weight().rows());
        kernels.linear(normed, List.of(gate.product(gated), up.product(wide)));
        multiply(gated, wide);
        down.into(gated, normed);
        if (feedPostNorm != null) kernels.rmsNorm(normed, feedPostNorm, epsilon, normed);
        kernels.addScaled(1, normed, x);
        for (Block done : List.of(normed, gated, wide)) workspace.release(done);
    }

    private void multiply(Block gated, Block wide) {
        int columns = gated.columns();
        kernels.pool().forEach(gated.rows(), 8L * gated.rows() * columns, r -> {
            int at = r * columns;
            kernels.siluMultiply(gated.data(), at, wide.data(), at, columns);
        });
    }

    /** The part of a layer that mixes positions. */
    sealed interface Mixer permits ShortConvolution, WindowAttention {
        /** Starts a sequence, which contains no positions yet. */
        Sequence start();

        /** A sequence to which positions are appended. It stores the rows that later positions need. */
        interface Sequence {
            /**
             * Appends the next positions.
             *
             * @param x normalised rows without gaps, [rows, width]
             * @return mixed rows, [rows, width], taken from the workspace
             */
            Block mix(Block x, Workspace workspace);

            /** Returns an independent copy. */
            Sequence copy();
        }
    }
}
