package sparrow.engine.transformer;

import java.util.stream.Stream;

/**
 * The weights of one transformer layer, which computes x += mixer(rms(x)), then x += down(silu(gate(rms(x))) *
 * up(rms(x))). If a checkpoint fuses projections (ChatGLM's dense_h_to_4h), the loader passes slices of the fused
 * matrix, so all families share this layer.
 *
 * @param mixerNorm weight of the RMS norm preceding the mixer, [width]
 * @param mixer attention or convolution
 * @param ffnNorm weight of the RMS norm preceding the SwiGLU block, [width]
 * @param gate projection [ffnWidth, width] whose output is passed through SiLU
 * @param up projection [ffnWidth, width]
 * @param down projection [width, ffnWidth]
 */
public record Layer(float[] mixerNorm, TokenMixer mixer, float[] ffnNorm, Linear gate, Linear up, Linear down) {
    /** Returns the number of parameters. */
    public long parameters() {
        long linears = Stream.concat(mixer.linears().stream(), Stream.of(gate, up, down))
                .mapToLong(Linear::parameters)
                .sum();
        return linears + mixer.otherParameters() + mixerNorm.length + ffnNorm.length;
    }
}
