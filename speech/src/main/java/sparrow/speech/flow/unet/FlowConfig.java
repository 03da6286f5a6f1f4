package sparrow.speech.flow.unet;

import java.util.List;
import sparrow.speech.layers.Sizes;
import sparrow.speech.schedule.FlowSchedule;

/**
 * The sizes of a flow decoder (CosyVoice's MaskedDiffWithXvec, as published with GLM-4-Voice).
 *
 * @param vocabulary size of the codebook
 * @param melBins bins of a mel frame; also the width of the length regulator
 * @param speakerWidth values of a speaker vector (x-vector) before its projection
 * @param codesPerSecond codes per second of speech
 * @param encoder sizes of the block-attention encoder
 * @param regulatorLayers number of convolution-norm-Mish groups of the length regulator
 * @param guidance strength g of classifier-free guidance: (1 + g) conditional - g unconditional
 * @param steps published number of Euler steps from noise to mel frames
 * @param estimator sizes of the velocity estimator
 */
public record FlowConfig(
        int vocabulary,
        int melBins,
        int speakerWidth,
        double codesPerSecond,
        Encoder encoder,
        int regulatorLayers,
        float guidance,
        int steps,
        Estimator estimator) {
    public FlowConfig {
        Sizes.positive("flow.vocab_size", vocabulary);
        Sizes.positive("flow.output_size", melBins);
        Sizes.positive("flow.spk_embed_dim", speakerWidth);
        Sizes.positive("flow.length_regulator.sampling_ratios", regulatorLayers);
        if (!(codesPerSecond > 0 && codesPerSecond < 1000)) {
            throw new IllegalArgumentException(
                    "flow.input_frame_rate: expected codes per second above 0, got " + codesPerSecond);
        }
        if (!(guidance >= 0 && guidance < 100)) {
            throw new IllegalArgumentException(
                    "flow inference_cfg_rate: expected at least 0 and less than 100, got " + guidance);
        }
        FlowSchedule.requireSteps("flow.decoder.cfm_params.content.n_timesteps", steps);
    }

    /**
     * The sizes of the encoder of the codes.
     *
     * @param width hidden values of a code; even, a multiple of {@code heads}
     * @param blockCodes codes per block; a code attends to its own and earlier blocks
     */
    public record Encoder(int width, int heads, int feedForward, int layers, int blockCodes) {
        public Encoder {
            Sizes.positive("flow.encoder.output_size", width);
            Sizes.positive("flow.encoder.attention_heads", heads);
            Sizes.positive("flow.encoder.linear_units", feedForward);
            Sizes.positive("flow.encoder.num_blocks", layers);
            Sizes.positive("flow.encoder.block_size", blockCodes);
            Sizes.headed("flow.encoder.output_size", width, heads);
        }
    }

    /**
     * The sizes of the estimator, a U-net over time.
     *
     * @param channels channels of each level, outermost first; multiples of 8, the number of groups of the norms
     * @param transformers transformer blocks after each residual block
     */
    public record Estimator(List<Integer> channels, int heads, int headWidth, int transformers, int middleBlocks) {
        public Estimator {
            channels = List.copyOf(channels);
            if (channels.isEmpty()) {
                throw new IllegalArgumentException("flow.decoder.estimator.channels: expected one or more, got none");
            }
            for (int c : channels) {
                Sizes.positive("flow.decoder.estimator.channels", c);
                if (c % 8 != 0) {
                    throw new IllegalArgumentException(
                            "flow.decoder.estimator.channels: expected multiples of 8, got " + channels);
                }
            }
            Sizes.positive("flow.decoder.estimator.num_heads", heads);
            Sizes.positive("flow.decoder.estimator.attention_head_dim", headWidth);
            Sizes.positive("flow.decoder.estimator.n_blocks", transformers);
            Sizes.positive("flow.decoder.estimator.num_mid_blocks", middleBlocks);
        }
    }
}
