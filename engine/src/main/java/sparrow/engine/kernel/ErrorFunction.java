package sparrow.engine.kernel;

/** The Gauss error function, which the JDK lacks; by hand, since a library for one function of a page is heavier. */
final class ErrorFunction {
    private ErrorFunction() {}

    /**
     * erf(x) to about 1e-15: its Maclaurin series near zero, the continued fraction of erfc beyond.
     */
    static double erf(double x) {
        double magnitude = Math.abs(x);
        if (magnitude > 6) return Math.copySign(1, x);
        return magnitude < 2.5 ? series(x) : Math.copySign(1 - complement(magnitude), x);
    }

    private static double series(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return 2 / Math.sqrt(Math.PI) * sum;
    }

    private static double complement(double x) {
        double fraction = 0;
        for (int n = 60; n >= 1; n--) fraction = n / 2.0 / (x + fraction);
        return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
    }
}
