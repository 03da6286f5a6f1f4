package sparrow.study.heads;

/** Sums over the scores of one position, in f64. */
final class Scores {
    private Scores() {}

    /** Index, from 0, of the largest of n values from {@code at} on; the first where several are equal. */
    static int largest(float[] values, int at, int n) {
        int largest = 0;
        for (int i = 1; i < n; i++) if (values[at + i] > values[at + largest]) largest = i;
        return largest;
    }

    /** ln of the sum of e^x over n values. */
    static double logSum(float[] values, int at, int n) {
        double largest = values[at + largest(values, at, n)];
        double sum = 0;
        for (int i = at; i < at + n; i++) sum += Math.exp(values[i] - largest);
        return largest + Math.log(sum);
    }
}
