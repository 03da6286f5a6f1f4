package sparrow.bench.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import sparrow.app.report.Quartiles;

/**
 * Growth of a quantity from the second quarter of a run to the last. Each quarter is divided into {@value #WINDOWS}
 * windows of equal length, each represented by its median. The quantity has grown if the median of the last quarter's
 * windows exceeds the median of the second quarter's windows by more than three standard deviations of a window about
 * the mean of its quarter, and by more than 1 %.
 *
 * <p>A leak at a constant rate increases the median by 16 windows' growth, and the deviation by 2.4 windows' growth.
 * The leak is therefore detected if it adds more than 0.21 standard deviations per window.
 *
 * @param second median of the second quarter
 * @param last median of the last quarter
 * @param limit maximum growth attributed to noise
 */
record Growth(double second, double last, double limit) {
    private static final int WINDOWS = 8;
    private static final double DEVIATIONS = 3;
    private static final double MIN_GROWTH = 0.01;

    /**
     * Compares the second quarter of a run with the last quarter.
     *
     * @param values values in order and evenly spaced in time; missing values are null
     * @return the growth, or null if a quarter has fewer than three windows with a value
     */
    static Growth of(List<Double> values) {
        List<Double> second = windows(values, 1);
        List<Double> last = windows(values, 3);
        if (second.size() < 3 || last.size() < 3) return null;
        double before = Quartiles.of(second).median();
        double squares = squares(second) + squares(last);
        double deviation = Math.sqrt(squares / (second.size() + last.size() - 2));
        return new Growth(before, Quartiles.of(last).median(), Math.max(DEVIATIONS * deviation, MIN_GROWTH * before));
    }

    boolean isBeyondNoise() {
        return last - second > limit;
    }

    /**
     * Returns the medians of a quarter's windows that contain values.
     *
     * @param quarter quarter, 0 to 3
     */
    private static List<Double> windows(List<Double> values, int quarter) {
        List<Double> medians = new ArrayList<>();
        for (int window = WINDOWS * quarter; window < WINDOWS * (quarter + 1); window++) {
            List<Double> inside = values.subList(start(values, window), start(values, window + 1)).stream()
                    .filter(Objects::nonNull)
                    .toList();
            if (!inside.isEmpty()) medians.add(Quartiles.of(inside).median());
        }
        return medians;
    }

    private static int start(List<Double> values, int window) {
        return (int) ((long) values.size() * window / (4 * WINDOWS));
    }

    private static double squares(List<Double> values) {
        double mean = values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        return values.stream()
                .mapToDouble(value -> (value - mean) * (value - mean))
                .sum();
    }
}
