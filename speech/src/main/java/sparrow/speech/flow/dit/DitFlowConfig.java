package sparrow.speech.flow.dit;

import sparrow.speech.layers.Sizes;
import sparrow.speech.schedule.FlowSchedule;
import sparrow.speech.voice.Voice;

/**
 * Configuration of a causal flow with a diffusion transformer (CosyVoice 2's CausalMaskedDiffWithXvec, as published
 * with Step-Audio-2).
 *
 * @param vocabulary size of the codebook
 * @param melBins number of bins per mel frame
 * @param speakerWidth number of values in a speaker vector before its projection
 * @param encoder dimensions of the upsampling encoder
 * @param guidance classifier-free guidance strength g: (1 + g) conditional - g unconditional
 * @param steps published number of Euler steps from noise to mel frames
 * @param estimator dimensions of the velocity estimator
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
            throw new IllegalArgumentException("flow.output_size: expected the " + Voice.MEL_BINS
                    + " bins of a voice's mel frames, got " + melBins);
        }
        Sizes.finite("flow.decoder.inference_cfg_rate", guidance);
        FlowSchedule.requireSteps("flow.decoder.n_timesteps", steps);
    }

    /**
     * Dimensions of the code encoder.
     *
     * @param width hidden size; even, and a multiple of {@code heads}
     * @param layers number of conformer layers at the code rate
     * @param upLayers number of conformer layers at the frame rate
     * @param framesPerCode number of frames per code
     * @param lookahead number of later codes on which a code depends
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
                        + " frames per code of a voice, got " + framesPerCode);
            }
            if (lookahead > Voice.MIN_CODES) {
                throw new IllegalArgumentException("flow.encoder.pre_lookahead_len: expected at most the "
                        + Voice.MIN_CODES + " codes of the shortest voice, got " + lookahead);
            }
            Sizes.headed("flow.encoder.output_size", width, heads);
        }
    }

    /**
     * Dimensions of the estimator, a diffusion transformer over the frames.
     *
     * @param width hidden size of a frame
     * @param depth number of blocks
     * @param feedForward hidden size of a block's MLP
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
