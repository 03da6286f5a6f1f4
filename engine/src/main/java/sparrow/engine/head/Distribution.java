package sparrow.engine.head;

import java.util.Arrays;

/** Probabilities of rows after temperature, top-k and top-p. Keeps its memory from token to token. */
final class Distribution {
    private final Sampling sampling;
    private int rows;
    private float[] scores = new float[0];
    /** Numbers in proportion to the probabilities. */
    private double[] weights = new double[0];

    private double sum;
    /** Rows, the smallest score first: each in the low half of a word, its score in the high half. */
    private long[] ascending = new long[0];

    /**
     * @param sampling with a temperature above 0
     */
    Distribution(Sampling sampling) {
        this.sampling = sampling;
    }

    /** Takes the number of rows; the caller writes as many scores to the array, then calls {@link #shape}. */
    float[] scores(int count) {
        rows = count;
        if (scores.length < count) {
            scores = new float[count];
            weights = new double[count];
        }
        return scores;
    }

    /** Makes probabilities of the scores. */
    void shape() {
        boolean fewer = sampling.topK() > 0 && sampling.topK() < rows;
        if (fewer || sampling.topP() < 1) sort();
        if (fewer) keepTopK();
        cool();
        for (int row = 0; row < rows; row++) weights[row] = Math.exp(scores[row]);
        addUp();
        if (sampling.topP() < 1) keepTopP();
    }

    /** The probability of a row. */
    float probability(int row) {
        return (float) (weights[row] / sum);
    }

    /** A number in proportion to the probability of a row; 0 if the row is never chosen. */
    double weight(int row) {
        return weights[row];
    }

    /**
     * Subtracts the largest score: at a very low temperature, scores then leave the range of f32 towards probability 0 only. Rounded,
     * they may tie where the scores did not, so scores are counted before.
     */
    private void cool() {
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
            // As an int, the bits of a negative number grow with its magnitude.
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

    /** Drops from the small end while what is dropped sums to at most 1 - p; the largest always stays. */
    private void keepTopP() {
        float dropped = 0;
        for (int i = 0; i < rows - 1; i++) {
            int row = (int) ascending[i];
            dropped += probability(row);
            if (dropped > (float) (1 - sampling.topP())) break;
            weights[row] = 0;
        }
        addUp();
    }

    private void addUp() {
        sum = 0;
        for (int row = 0; row < rows; row++) sum += weights[row];
    }
}
