package sparrow.speech.detokenize;

import java.util.Arrays;
import sparrow.tensor.kernel.Block;

/**
 * Overlapping windows of sound to samples. A sample is the sum of the windows that reach it over the sum of their squared
 * weights. At both ends a margin is cut where fewer windows overlap, so that each window makes a hop of samples.
 */
final class OverlapAdd {
    private final float[] squares;
    private final int hop;

    /** Samples at either end that are cut. */
    private final int margin;

    /** Sums of the windows so far and of their squares, from the first sample on that a later window reaches. */
    private final float[] sums;

    private final float[] weights;

    /** Samples that are still to be cut at the beginning. */
    private int cut;

    private boolean any;

    OverlapAdd(float[] window, int hop) {
        this.hop = hop;
        margin = (window.length - hop) / 2;
        squares = new float[window.length];
        for (int i = 0; i < squares.length; i++) squares[i] = window[i] * window[i];
        sums = new float[window.length];
        weights = new float[window.length];
        cut = margin;
    }

    /**
     * Adds the next windows and gives the samples that no later one reaches.
     *
     * @param windows [windows, points], already windowed
     */
    float[] accept(Block windows) {
        float[] samples = new float[windows.rows() * hop];
        for (int w = 0; w < windows.rows(); w++) {
            int from = windows.offset() + w * windows.stride();
            for (int i = 0; i < sums.length; i++) sums[i] += windows.data()[from + i];
            for (int i = 0; i < sums.length; i++) weights[i] += squares[i];
            // The first sample of all has no weight; it is cut.
            for (int i = 0; i < hop; i++) samples[w * hop + i] = sums[i] / weights[i];
            shift(sums);
            shift(weights);
            any = true;
        }
        int skipped = Math.min(cut, samples.length);
        cut -= skipped;
        return Arrays.copyOfRange(samples, skipped, samples.length);
    }

    private void shift(float[] x) {
        System.arraycopy(x, hop, x, 0, x.length - hop);
        Arrays.fill(x, x.length - hop, x.length, 0);
    }

    /** The samples that waited for a window which does not come. */
    float[] finish() {
        if (!any) return new float[0];
        float[] samples = new float[sums.length - hop - margin];
        for (int i = 0; i < samples.length; i++) samples[i] = sums[i] / weights[i];
        return Arrays.copyOfRange(samples, cut, samples.length);
    }
}
