package sparrow.speech.flow.dit;

import sparrow.speech.layers.Sizes;
import sparrow.speech.schedule.FlowSchedule;
import sparrow.speech.voice.Voice;

/**
 * The sizes of a causal flow with a diffusion transformer (CosyVoice 2's CausalMaskedDiffWithXvec, as published with
 * Step-Audio-2).
 *
 * @param vocabulary size of the codebook
 * @param melBins bins of a mel frame
 * @param speakerWidth values of a speaker vector before its projection
 * @param encoder sizes of the upsampling encoder
 * @param guidance strength g of classifier-free guidance: (1 + g) conditional - g unconditional
 * @param steps published number of Euler steps from noise to mel frames
 * @param estimator sizes of the velocity estimator
 */
public record DitFlowConfig(
        int vocabulary,
        int melBins,
        int speakerWidth,
        Encoder encoder,
        float guidance,
        int steps,
        Estimator estimator) {
    public DitFlowConfig {
        Sizes.positive("flow.vocab_size", vocabulary);
        Sizes.positive("flow.output_size", melBins);
        Sizes.positive("flow.spk_embed_dim", speakerWidth);
        if (melBins != Voice.MEL_BINS) {
            throw new IllegalArgumentException(
                    "flow.output_size: expected the " + Voice.MEL_BINS + " bins of a voice's mel, got " + melBins);
        }
        Sizes.finite("flow.decoder.inference_cfg_rate", guidance);
        FlowSchedule.requireSteps("flow.decoder.n_timesteps", steps);
    }

    /**
     * The sizes of the encoder of the codes.
     *
     * @param width hidden values of a row; even, a multiple of {@code heads}
     * @param layers conformer layers at the rate of the codes
     * @param upLayers conformer layers at the rate of the frames
     * @param framesPerCode frames per code
     * @param lookahead number of later codes that a code depends on
     */
    public record Encoder(
            int width, int heads, int feedForward, int layers, int upLayers, int framesPerCode, int lookahead) {
        public Encoder {
            Sizes.positive("flow.encoder.output_size", width);
            Sizes.positive("flow.encoder.attention_heads", heads);
            Sizes.positive("flow.encoder.linear_units", feedForward);
            Sizes.positive("flow.encoder.num_blocks", layers);
            Sizes.positive("flow.encoder.num_up_blocks", upLayers);
            Sizes.positive("flow.encoder.up_stride", framesPerCode);
            Sizes.positive("flow.encoder.pre_lookahead_len", lookahead);
            if (framesPerCode != Voice.FRAMES_PER_CODE) {
                throw new IllegalArgumentException("flow.encoder.up_stride: expected the " + Voice.FRAMES_PER_CODE
                        + " frames that a voice has for a code, got " + framesPerCode);
            }
            if (lookahead > Voice.MIN_CODES) {
                throw new IllegalArgumentException("flow.encoder.pre_lookahead_len: expected at most the "
                        + Voice.MIN_CODES + " codes that every voice has, got " + lookahead);
            }
            Sizes.headed("flow.encoder.output_size", width, heads);
        }
    }

    /**
     * The sizes of the estimator, a diffusion transformer over the frames.
     *
     * @param width hidden values of a frame
     * @param depth number of blocks
     * @param feedForward hidden values of the MLP of a block
     */
    public record Estimator(int width, int depth, int heads, int headWidth, int feedForward) {
        public Estimator {
            Sizes.positive("flow.decoder.estimator.hidden_size", width);
            Sizes.positive("flow.decoder.estimator.depth", depth);
            Sizes.positive("flow.decoder.estimator.num_heads", heads);
            Sizes.positive("flow.decoder.estimator.head_dim", headWidth);
            Sizes.positive("flow.decoder.estimator.mlp_ratio", feedForward);
        }
    }
}
