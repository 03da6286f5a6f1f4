package sparrow.engine.transformer;

import java.util.List;

/**
 * A gated convolution over the last few positions (LFM2): with b, c and z the three projections of a position's normalised state,
 * u = b z is its input, each channel sums the inputs of the last K positions with weights of its own, and that sum, times c, goes
 * through the output projection. Before the start of a sequence inputs are 0. There is no activation.
 *
 * @param inputGate makes b, [width, width]
 * @param outputGate makes c, [width, width]
 * @param input makes z, [width, width]
 * @param taps weight of each position and channel, [K][width]; the last one is that of the present position
 * @param output [width, width]
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
    public List<Linear> kept() {
        return List.of(inputGate, input);
    }
}
