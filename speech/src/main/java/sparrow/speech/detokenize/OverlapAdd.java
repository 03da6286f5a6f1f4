package sparrow.speech.detokenize;

import java.util.Arrays;
import sparrow.tensor.kernel.Block;

/**
 * Combines overlapping audio windows into samples. A sample is the sum of the windows that cover it, divided by the sum
 * of their squared weights. Fewer windows overlap at both ends, so a margin is removed there; each window contributes
 * one hop of samples.
 */
final class OverlapAdd {
    private final float[] squares;
    private final int hop;

    /** Number of samples to remove at each end. */
    private final int margin;

    /** Running sums of the windows and of their squares, starting at the first sample that is not final. */
    private final float[] sums;

    private final float[] weights;

    /** Number of samples still to be removed at the beginning. */
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
     * Adds the next windows and returns the samples that no later window covers.
     *
     * @param windows windows already multiplied by the window function, [windows, points]
     */
    float[] accept(Block windows) {
        float[] samples = new float[windows.rows() * hop];
        for (int w = 0; w < windows.rows(); w++) {
            int from = windows.offset() + w * windows.stride();
            for (int i = 0; i < sums.length; i++) sums[i] += windows.data()[from + i];
            for (int i = 0; i < sums.length; i++) weights[i] += squares[i];
            // The very first sample has weight 0, but it is removed.
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

    /** Finishes the signal and returns the remaining samples. */
    float[] finish() {
        if (!any) return new float[0];
        float[] samples = new float[sums.length - hop - margin];
        for (int i = 0; i < samples.length; i++) samples[i] = sums[i] / weights[i];
        return Arrays.copyOfRange(samples, cut, samples.length);
    }
}
