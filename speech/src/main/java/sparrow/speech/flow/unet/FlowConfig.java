package sparrow.speech.flow.unet;

import java.util.List;
import sparrow.speech.layers.Sizes;
import sparrow.speech.schedule.FlowSchedule;

/**
 * Configuration of a flow decoder (CosyVoice's MaskedDiffWithXvec, as published with GLM-4-Voice).
 *
 * @param vocabulary size of the codebook
 * @param melBins number of bins per mel frame; also the width of the length regulator
 * @param speakerWidth number of values in a speaker vector (x-vector) before its projection
 * @param codesPerSecond number of codes per second of speech
 * @param encoder dimensions of the block-attention encoder
 * @param regulatorLayers number of convolution-norm-Mish groups in the length regulator
 * @param guidance classifier-free guidance strength g: (1 + g) conditional - g unconditional
 * @param steps published number of Euler steps from noise to mel frames
 * @param estimator dimensions of the velocity estimator
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
     * Dimensions of the code encoder.
     *
     * @param width hidden size; even, and a multiple of {@code heads}
     * @param blockCodes number of codes per block; a code attends to its own and earlier blocks
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
     * Dimensions of the estimator, a U-net over time.
     *
     * @param channels number of channels at each level, outermost first; multiples of 8, which is the number of groups
     *     in the norms
     * @param transformers number of transformer blocks after each residual block
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
