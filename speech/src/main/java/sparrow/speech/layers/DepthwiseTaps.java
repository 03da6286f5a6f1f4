package sparrow.speech.layers;

import java.util.Arrays;

/**
 * Filters of a depthwise convolution, which processes each channel separately.
 *
 * @param taps filter taps, [taps][channels]
 * @param bias bias, [channels]
 */
public record DepthwiseTaps(float[][] taps, float[] bias) {
    /** Creates filters from weights stored channel by channel, [channels, taps]. */
    public static DepthwiseTaps of(float[] weights, float[] bias) {
        float[][] taps = new float[weights.length / bias.length][bias.length];
        for (int c = 0; c < bias.length; c++) {
            for (int tap = 0; tap < taps.length; tap++) taps[tap][c] = weights[c * taps.length + tap];
        }
        return new DepthwiseTaps(taps, bias);
    }

    /**
     * Returns these filters followed by a multiplication and an addition for each channel. Both arrays are [channels].
     */
    public DepthwiseTaps scaled(float[] factor, float[] summand) {
        float[] ones = new float[factor.length];
        Arrays.fill(ones, 1);
        return normed(factor, summand, new float[factor.length], ones, 0);
    }

    /** Returns these filters followed by a batch norm. All arrays are [channels]. */
    public DepthwiseTaps normed(float[] weight, float[] shift, float[] mean, float[] variance, float epsilon) {
        float[][] scaled = new float[taps.length][bias.length];
        float[] moved = new float[bias.length];
        for (int c = 0; c < bias.length; c++) {
            double factor = weight[c] / Math.sqrt((double) variance[c] + epsilon);
            for (int tap = 0; tap < taps.length; tap++) scaled[tap][c] = (float) (taps[tap][c] * factor);
            moved[c] = (float) ((bias[c] - (double) mean[c]) * factor + shift[c]);
        }
        return new DepthwiseTaps(scaled, moved);
    }
}
