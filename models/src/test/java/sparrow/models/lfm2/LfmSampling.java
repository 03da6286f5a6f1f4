package sparrow.models.lfm2;

import java.util.Arrays;

/** The probabilities of a choice as the official code has them: temperature, then top-k with its ties, then softmax. */
final class LfmSampling {
    private LfmSampling() {}

    /**
     * Probabilities of rows; 0 where one was removed.
     *
     * @param topK 0 for no cut
     */
    static double[] probabilities(float[] logits, double temperature, int topK) {
        float[] scores = new float[logits.length];
        for (int row = 0; row < scores.length; row++) scores[row] = (float) (logits[row] / temperature);
        float smallest = Float.NEGATIVE_INFINITY;
        if (topK > 0 && topK < scores.length) {
            float[] sorted = scores.clone();
            Arrays.sort(sorted);
            smallest = sorted[sorted.length - topK];
        }
        double largest = Double.NEGATIVE_INFINITY;
        for (float score : scores) largest = Math.max(largest, score);
        double[] weights = new double[scores.length];
        double sum = 0;
        for (int row = 0; row < scores.length; row++) {
            if (scores[row] < smallest) continue;
            weights[row] = Math.exp(scores[row] - largest);
            sum += weights[row];
        }
        for (int row = 0; row < scores.length; row++) weights[row] /= sum;
        return weights;
    }
}
