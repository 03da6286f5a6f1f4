package sparrow.study.paper;

import java.util.stream.IntStream;

/**
 * The measurement of a value, in facts: replies about one fact are one observation. Intervals are two-sided with 95 %
 * confidence.
 */
sealed interface Evidence {
    /** A confidence interval. */
    record Interval(double low, double high) {}

    double value();

    Interval interval();

    /** Returns the number of observed facts. */
    int facts();

    /** Returns the evidence of another number of facts with the same rates. */
    Evidence with(int facts);

    /** A share of facts in percent, with the exact interval of Clopper and Pearson (1934). */
    record Share(int count, int facts) implements Evidence {
        @Override
        public double value() {
            return 100.0 * count / facts;
        }

        @Override
        public Interval interval() {
            return new Interval(100 * Binomial.lower(count, facts, 0.025), 100 * Binomial.upper(count, facts, 0.025));
        }

        @Override
        public Share with(int other) {
            return new Share(scaled(count, facts, other), other);
        }
    }

    /**
     * A loss in percentage points between two policies that answer the same questions: facts that only the first
     * answers correctly minus facts that only the second answers correctly. The interval combines the exact intervals
     * of both counts, each with half of the error probability, so that one event more never shortens it.
     */
    record Loss(int lost, int gained, int facts) implements Evidence {
        @Override
        public double value() {
            return 100.0 * (lost - gained) / facts;
        }

        @Override
        public Interval interval() {
            return new Interval(
                    100 * (Binomial.lower(lost, facts, 0.0125) - Binomial.upper(gained, facts, 0.0125)),
                    100 * (Binomial.upper(lost, facts, 0.0125) - Binomial.lower(gained, facts, 0.0125)));
        }

        @Override
        public Loss with(int other) {
            return new Loss(scaled(lost, facts, other), scaled(gained, facts, other), other);
        }
    }

    /**
     * A mean over facts. Each end of the interval is Student's, after one fact more was observed with the most extreme
     * value, so that no verdict depends on one fact: without any difference in n facts, the upper end is about 3/n of
     * the greatest value.
     *
     * @param error standard error of the mean, clustered by fact
     * @param least smallest possible value of a fact
     * @param greatest greatest possible value of a fact
     */
    record Average(double value, double error, int facts, double least, double greatest) implements Evidence {
        @Override
        public Interval interval() {
            return new Interval(end(least, -1), end(greatest, 1));
        }

        private double end(double extreme, int sign) {
            double n = facts;
            double distance = extreme - value;
            double squares = (n - 1) * n * error * error + n / (n + 1) * distance * distance;
            return value + distance / (n + 1) + sign * student(facts) * Math.sqrt(squares / n / (n + 1));
        }

        @Override
        public Average with(int other) {
            return new Average(value, error * Math.sqrt((double) facts / other), other, least, greatest);
        }

        /** Returns the 97.5 % quantile of Student's t by the first terms of its expansion (Fisher, 1926). */
        private static double student(int degrees) {
            double z = 1.959964;
            double first = (Math.pow(z, 3) + z) / 4;
            double second = (5 * Math.pow(z, 5) + 16 * Math.pow(z, 3) + 3 * z) / 96;
            return z + first / degrees + second / degrees / degrees;
        }
    }

    private static int scaled(int count, int facts, int other) {
        return (int) Math.round((double) count * other / facts);
    }

    /** Exact bounds of a probability. */
    final class Binomial {
        private Binomial() {}

        /** Returns the probability at which {@code count} or more of n events have the given probability. */
        static double lower(int count, int n, double probability) {
            return count == 0 ? 0 : 1 - upper(n - count, n, probability);
        }

        /** Returns the probability at which {@code count} or fewer of n events have the given probability. */
        static double upper(int count, int n, double probability) {
            if (count == n) return 1;
            double low = 0;
            double high = 1;
            for (int step = 0; step < 60; step++) {
                double middle = (low + high) / 2;
                if (atMost(count, n, middle) > probability) low = middle;
                else high = middle;
            }
            return high;
        }

        private static double atMost(int count, int n, double p) {
            double odds = Math.log(p) - Math.log1p(-p);
            double[] logs = new double[count + 1];
            logs[0] = n * Math.log1p(-p);
            for (int k = 1; k <= count; k++) logs[k] = logs[k - 1] + Math.log((n - k + 1.0) / k) + odds;
            return IntStream.rangeClosed(0, count)
                    .mapToDouble(k -> Math.exp(logs[k]))
                    .sum();
        }
    }
}
