package sparrow.study.heads;

/**
 * A rate that rises in a straight line to its peak, then falls in a straight line to zero.
 *
 * @param peak highest rate
 * @param warmUp steps up to the peak
 * @param steps all steps
 */
record LearningRate(double peak, int warmUp, int steps) {
    /** The rate of a step, counted from 1; above zero up to the last. */
    double at(int step) {
        if (step <= warmUp) return peak * step / warmUp;
        return peak * (steps - step + 1) / (steps - warmUp);
    }
}
