package sparrow.engine.transformer;

/** Logits in an array. */
record HostLogits(float[] values, int[] tokens) implements Logits {
    @Override
    public float largest() {
        float largest = Float.NEGATIVE_INFINITY;
        for (float value : values) largest = Math.max(largest, value);
        return largest;
    }

    @Override
    public int best(int usable) {
        int best = -1;
        for (int row = 0; row < values.length; row++) {
            if (token(row) < usable && (best < 0 || isLikelier(row, best))) best = row;
        }
        if (best < 0) throw new IllegalArgumentException("logits: expected a token below " + usable + ", found none");
        return token(best);
    }

    /** Returns whether a row's token is likelier than another row's token, or equally likely with a lower id. */
    private boolean isLikelier(int row, int other) {
        return values[row] > values[other] || values[row] == values[other] && token(row) < token(other);
    }

    @Override
    public double entropy() {
        double largest = largest();
        double sum = 0;
        double weighted = 0;
        for (float value : values) {
            double shifted = value - largest;
            double e = Math.exp(shifted);
            sum += e;
            // The limit of p ln p at 0 is 0, so masked tokens add nothing.
            if (e > 0) weighted += e * shifted;
        }
        return Math.log(sum) - weighted / sum;
    }
}
