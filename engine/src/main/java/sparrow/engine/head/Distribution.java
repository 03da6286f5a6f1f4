package sparrow.engine.head;

import java.util.Arrays;

/** Probabilities of a head's rows after top-k, temperature and top-p. The memory is reused for the next token. */
final class Distribution {
    private final Sampling sampling;
    private int rows;
    private float[] scores = new float[0];
    /** Unnormalised probabilities. */
    private double[] weights = new double[0];

    private double sum;
    /**
     * Rows in ascending order of their scores. The low half of each word is the row, and the high half is its score.
     */
    private long[] ascending = new long[0];

    /**
     * @param sampling parameters with a temperature above 0
     */
    Distribution(Sampling sampling) {
        this.sampling = sampling;
    }

    /**
     * Sets the number of rows and returns the array to which the caller writes their scores before it calls
     * {@link #compute}.
     */
    float[] scores(int count) {
        rows = count;
        if (scores.length < count) {
            scores = new float[count];
            weights = new double[count];
        }
        return scores;
    }

    /** Computes the probabilities from the scores. */
    void compute() {
        boolean fewer = sampling.topK() > 0 && sampling.topK() < rows;
        if (fewer || sampling.topP() < 1) sort();
        if (fewer) keepTopK();
        applyTemperature();
        for (int row = 0; row < rows; row++) weights[row] = Math.exp(scores[row]);
        sumWeights();
        if (sampling.topP() < 1) keepTopP();
    }

    /** Returns the probability of a row. */
    float probability(int row) {
        return (float) (weights[row] / sum);
    }

    /** Returns the unnormalised probability of a row, or 0 if the row is never chosen. */
    double weight(int row) {
        return weights[row];
    }

    /**
     * Subtracts the largest score before dividing by the temperature, so that at a very low temperature, scores can
     * overflow only towards probability 0. This method is called after top-k because rounding may make different scores
     * equal.
     */
    private void applyTemperature() {
        float largest = Float.NEGATIVE_INFINITY;
        for (int row = 0; row < rows; row++) largest = Math.max(largest, scores[row]);
        for (int row = 0; row < rows; row++) {
            scores[row] = (float) ((scores[row] - largest) / sampling.temperature());
        }
    }

    private void sort() {
        if (ascending.length < rows) ascending = new long[rows];
        for (int row = 0; row < rows; row++) {
            int bits = Float.floatToRawIntBits(scores[row]);
            // Interpreted as an int, the bits of a negative float increase with its magnitude.
            int rank = bits < 0 ? bits ^ Integer.MAX_VALUE : bits;
            ascending[row] = (long) rank << 32 | row;
        }
        Arrays.sort(ascending, 0, rows);
    }

    private void keepTopK() {
        float smallest = scores[(int) ascending[rows - sampling.topK()]];
        for (int row = 0; row < rows; row++) {
            if (scores[row] < smallest) scores[row] = Float.NEGATIVE_INFINITY;
        }
    }

    /**
     * Removes the smallest probabilities as long as their sum is at most 1 - p. The largest probability is always
     * retained.
     */
    private void keepTopP() {
        float dropped = 0;
        for (int i = 0; i < rows - 1; i++) {
            int row = (int) ascending[i];
            dropped += probability(row);
            if (dropped > (float) (1 - sampling.topP())) break;
            weights[row] = 0;
        }
        sumWeights();
    }

    private void sumWeights() {
        sum = 0;
        for (int row = 0; row < rows; row++) sum += weights[row];
    }
}
