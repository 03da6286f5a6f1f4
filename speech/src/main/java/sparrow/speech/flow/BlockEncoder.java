package sparrow.speech.flow;

import java.util.List;
import java.util.stream.IntStream;
import sparrow.engine.kernel.Activation;
import sparrow.engine.kernel.Block;
import sparrow.engine.kernel.Kernels;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Linear;
import sparrow.speech.layers.Norm;
import sparrow.speech.layers.Probe;

/**
 * The flow decoder's encoder (BlockConformerEncoder without convolution or macaron modules): a code sees all earlier
 * codes and its own block. What a complete block becomes does not depend on later codes.
 */
final class BlockEncoder {
    private final Kernels kernels;
    private final FlowConfig.Encoder config;
    private final Linear embed;
    private final Norm embedNorm;
    private final List<Layer> layers;
    private final Norm afterNorm;

    private record Layer(Norm attentionNorm, RelativeAttention attention, Norm feedNorm, Linear up, Linear down) {}

    private BlockEncoder(FlowConfig.Encoder config, Linear embed, Norm embedNorm, List<Layer> layers, Norm afterNorm) {
        this.kernels = embed.kernels();
        this.config = config;
        this.embed = embed;
        this.embedNorm = embedNorm;
        this.layers = layers;
        this.afterNorm = afterNorm;
    }

    static BlockEncoder load(LayerReader reader, FlowConfig.Encoder config) {
        int width = config.width();
        List<Layer> layers = IntStream.range(0, config.layers())
                .mapToObj(i -> {
                    String name = "encoder.encoders." + i;
                    return new Layer(
                            reader.norm(name + ".norm_mha", width),
                            RelativeAttention.load(reader, name + ".self_attn", config),
                            reader.norm(name + ".norm_ff", width),
                            reader.linear(name + ".feed_forward.w_1", config.feedForward(), width),
                            reader.linear(name + ".feed_forward.w_2", width, config.feedForward()));
                })
                .toList();
        return new BlockEncoder(
                config,
                reader.linear("encoder.embed.out.0", width, width),
                reader.norm("encoder.embed.out.1", width),
                layers,
                reader.norm("encoder.after_norm", width));
    }

    /** Embedded codes [codes, width] to hidden states [codes, width]. */
    Block encode(Block codes, Probe probe) {
        Block x = embedNorm.layers(embed.of(codes));
        float scale = (float) Math.sqrt(config.width());
        for (int i = 0; i < x.data().length; i++) x.data()[i] *= scale;
        probe.see("embed_out", x);
        Block positions = RelativeAttention.positions(x.rows(), config);
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            add(layer.attention().attend(layer.attentionNorm().layers(x), positions), x);
            Block hidden = layer.up().of(layer.feedNorm().layers(x));
            kernels.apply(Activation.SILU, hidden);
            add(layer.down().of(hidden), x);
            probe.see("enc_layer_" + i, x);
        }
        return afterNorm.layers(x);
    }

    private void add(Block y, Block x) {
        kernels.addScaled(1, y.data(), 0, x.data(), 0, x.data().length);
    }
}
