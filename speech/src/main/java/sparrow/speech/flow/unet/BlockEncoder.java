package sparrow.speech.flow.unet;

import sparrow.speech.flow.Conformer;
import sparrow.speech.flow.EncoderInput;
import sparrow.speech.layers.AttentionMask;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Norm;
import sparrow.speech.layers.Probe;
import sparrow.tensor.kernel.Block;

/**
 * The encoder of the codes (BlockConformerEncoder). A code attends to all earlier codes and to its own block, so later
 * codes do not change a complete block.
 */
final class BlockEncoder {
    /** Epsilon of all norms of this encoder. */
    private static final float EPSILON = 1e-5f;

    private final EncoderInput embed;
    private final Conformer conformer;
    private final Norm afterNorm;

    BlockEncoder(LayerReader reader, FlowConfig.Encoder config) {
        this.embed = EncoderInput.load(reader, "encoder.embed", config.width());
        this.conformer = new Conformer(reader, "encoder.encoders", config.layers(), shape(config));
        this.afterNorm = reader.norm("encoder.after_norm", config.width(), EPSILON);
    }

    private static Conformer.Shape shape(FlowConfig.Encoder config) {
        AttentionMask mask = new AttentionMask.BlockCausal(config.blockCodes());
        return new Conformer.Shape(config.width(), config.heads(), config.feedForward(), mask, EPSILON);
    }

    /** Encodes embedded codes [codes, width] to hidden states [codes, width]. */
    Block encode(Block codes, Probe probe) {
        Block x = embed.of(codes);
        probe.see("encoder.embed", x);
        conformer.run(x, conformer.start(), probe);
        return afterNorm.layers(x);
    }
}
