package sparrow.engine.transformer;

import java.util.stream.Stream;

/**
 * The weights of one transformer layer, which computes x += mixer(rms(x)), then x += down(silu(gate(rms(x))) *
 * up(rms(x))). With post norms, both changes of x are normalised before they are added. If a checkpoint fuses
 * projections (ChatGLM's dense_h_to_4h), the loader passes slices of the fused matrix, so all families share this
 * layer.
 *
 * @param mixerNorm weight of the RMS norm preceding the mixer, [width]
 * @param mixer attention or convolution
 * @param ffnNorm weight of the RMS norm preceding the SwiGLU block, [width]
 * @param gate projection [ffnWidth, width] whose output is passed through SiLU
 * @param up projection [ffnWidth, width]
 * @param down projection [width, ffnWidth]
 * @param postNorms post norms, or null if there are none
 */
public record Layer(
        float[] mixerNorm,
        TokenMixer mixer,
        float[] ffnNorm,
        Linear gate,
        Linear up,
        Linear down,
        PostNorms postNorms) {
    /**
     * RMS norms of the values that a layer adds to the residual stream (LFM3).
     *
     * @param mixer weight of the norm of the mixer's output, [width]
     * @param ffn weight of the norm of the SwiGLU block's output, [width]
     */
    public record PostNorms(float[] mixer, float[] ffn) {}

    /** Creates a layer without post norms. */
    public Layer(float[] mixerNorm, TokenMixer mixer, float[] ffnNorm, Linear gate, Linear up, Linear down) {
        this(mixerNorm, mixer, ffnNorm, gate, up, down, null);
    }

    /** Returns the number of parameters. */
    public long parameters() {
        long linears = Stream.concat(mixer.linears().stream(), Stream.of(gate, up, down))
                .mapToLong(Linear::parameters)
                .sum();
        int post = postNorms == null ? 0 : postNorms.mixer.length + postNorms.ffn.length;
        return linears + mixer.otherParameters() + mixerNorm.length + ffnNorm.length + post;
    }
}
