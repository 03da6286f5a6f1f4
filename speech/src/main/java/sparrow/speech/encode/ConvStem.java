package sparrow.speech.encode;

import sparrow.engine.kernel.Block;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.kernel.Weight;

/**
 * The two convolutions in front of the layers, three taps each, the second with stride 2. Unlike Whisper's they are
 * causal: two rows of zeros before the first frame, none after the last. GELU follows each, then the position table.
 */
final class ConvStem {
    /** Mel frames per encoder frame. */
    static final int STRIDE = 2;

    private static final int TAPS = 3;
    private static final int PAST = TAPS - 1;

    private final Kernels kernels;
    private final int melBins;
    private final int width;
    private final Weight first;
    private final float[] firstBias;
    private final Weight second;
    private final float[] secondBias;
    private final float[] positions;

    ConvStem(WhisperVqConfig config, EncoderWeights weights, Kernels kernels) {
        this.kernels = kernels;
        melBins = config.melBins();
        width = config.width();
        first = weights.convolution("conv1.weight", width, melBins, TAPS);
        firstBias = weights.floats("conv1.bias", width);
        second = weights.convolution("conv2.weight", width, width, TAPS);
        secondBias = weights.floats("conv2.bias", width);
        positions = weights.floats("embed_positions.weight", config.maxFrames(), width);
    }

    /** The first convolution: features [frames, melBins] to [2 + frames, width], the first two rows zeros. */
    float[] first(float[] features, int frames) {
        float[] padded = new float[(PAST + frames) * melBins];
        System.arraycopy(features, 0, padded, PAST * melBins, features.length);
        float[] y = new float[(PAST + frames) * width];
        Block windows = new Block(padded, 0, melBins, frames, TAPS * melBins);
        kernels.linear(windows, first, firstBias, new Block(y, PAST * width, width, frames, width));
        Pointwise.gelu(kernels, y); // leaves the zeros zero
        return y;
    }

    /** The second convolution without positions: what {@link #first} made to [frames, width]. */
    float[] convolved(float[] x, int frames) {
        float[] y = new float[frames * width];
        Block windows = new Block(x, 0, STRIDE * width, frames, TAPS * width);
        kernels.linear(windows, second, secondBias, Block.of(y, frames, width));
        Pointwise.gelu(kernels, y);
        return y;
    }

    /** The second convolution with positions: the first layer's input [frames, width]. */
    float[] second(float[] x, int frames) {
        float[] y = convolved(x, frames);
        kernels.addScaled(1, positions, 0, y, 0, y.length);
        return y;
    }
}
