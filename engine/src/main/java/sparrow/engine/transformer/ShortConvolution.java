package sparrow.engine.transformer;

import java.util.List;

/**
 * The weights of a gated convolution over the last K positions (LFM2). Let b, c and z be three projections of a
 * position's normalised state. The convolution's input is u = b z. Each channel computes a weighted sum of the last K
 * inputs; the sum is multiplied by c and passed through the output projection. Inputs before the start of a sequence
 * are 0. There is no activation function.
 *
 * @param inputGate projection to b, [width, width]
 * @param outputGate projection to c, [width, width]
 * @param input projection to z, [width, width]
 * @param taps weight of each position and channel, [K][width]; the last weight applies to the current position
 * @param output output projection, [width, width]
 */
public record ShortConvolution(Linear inputGate, Linear outputGate, Linear input, float[][] taps, Linear output)
        implements TokenMixer {
    public ShortConvolution {
        int width = output.weight().rows();
        if (taps.length == 0) throw new IllegalArgumentException("short convolution: expected 1 tap or more, got 0");
        for (float[] tap : taps) {
            if (tap.length == width) continue;
            throw new IllegalArgumentException(
                    "short convolution: expected taps of " + width + " channels, got " + tap.length);
        }
    }

    @Override
    public List<Linear> linears() {
        return List.of(inputGate, outputGate, input, output);
    }

    @Override
    public long otherParameters() {
        return (long) taps.length * taps[0].length;
    }

    @Override
    public List<Linear> cacheProjections() {
        return List.of(inputGate, input);
    }
}
