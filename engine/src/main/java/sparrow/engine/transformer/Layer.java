package sparrow.engine.transformer;

import java.util.stream.Stream;

/**
 * The weights of one transformer layer: x += mixer(rms(x)), then x += down(silu(gate(rms(x))) * up(rms(x))). If a checkpoint fuses
 * projections (ChatGLM's dense_h_to_4h), the loader passes slices of the fused matrix, so that every family has the same layer.
 *
 * @param mixerNorm weight of the RMS norm before the mixer, [width]
 * @param mixer attention or convolution
 * @param ffnNorm [width]
 * @param gate [ffnWidth, width]; goes through SiLU
 * @param up [ffnWidth, width]
 * @param down [width, ffnWidth]
 */
public record Layer(float[] mixerNorm, TokenMixer mixer, float[] ffnNorm, Linear gate, Linear up, Linear down) {
    /** Numbers of all its weights. */
    public long parameters() {
        long linears = Stream.concat(mixer.linears().stream(), Stream.of(gate, up, down))
                .mapToLong(Linear::parameters)
                .sum();
        return linears + mixer.otherParameters() + mixerNorm.length + ffnNorm.length;
    }
}
