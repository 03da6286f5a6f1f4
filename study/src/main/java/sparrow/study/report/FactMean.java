package sparrow.study.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sparrow.app.report.Mean;

/** Means over replies whose standard errors are clustered by fact ({@code StudyQuestion.fact()}). */
public final class FactMean {
    private FactMean() {}

    /**
     * A value of a reply.
     *
     * @param fact the fact that the reply is about
     * @param sum the value, or the sum over the reply's positions or words
     * @param count 1, or the number of the reply's positions or words
     */
    public record Value(Object fact, double sum, double count) {}

    /** The contribution of a reply to the error of a mean. */
    public record Residual(Object fact, double value) {}

    /**
     * Returns the sum of all values divided by the sum of their counts, without a value if the counts are 0. Replies
     * without positions or words are ignored.
     */
    public static Mean of(List<Value> all) {
        List<Value> values =
                all.stream().filter(one -> one.count() > 0 || one.sum() != 0).toList();
        double count = values.stream().mapToDouble(Value::count).sum();
        if (count == 0) return new Mean(null, null, 0);
        double mean = values.stream().mapToDouble(Value::sum).sum() / count;
        return counting(values.size(), of(mean, residuals(values, mean, count)));
    }

    private static Mean counting(int replies, Mean mean) {
        return new Mean(mean.value(), mean.standardError(), replies);
    }

    /** Returns the mean of the sets' means with equal weights, without a value if a set has none. */
    public static Mean ofSets(List<List<Value>> sets) {
        double sum = 0;
        List<Residual> residuals = new ArrayList<>();
        for (List<Value> set : sets) {
            Mean mean = of(set);
            if (mean.value() == null) return mean;
            sum += mean.value();
            double count = set.stream().mapToDouble(Value::count).sum();
            residuals.addAll(residuals(set, mean.value(), count * sets.size()));
        }
        return sets.isEmpty() ? new Mean(null, null, 0) : counting(residuals.size(), of(sum / sets.size(), residuals));
    }

    private static List<Residual> residuals(List<Value> values, double mean, double count) {
        return values.stream()
                .map(value -> new Residual(value.fact(), (value.sum() - mean * value.count()) / count))
                .toList();
    }

    /**
     * Returns a mean over facts with its error, as for a ratio estimate (Cochran, Sampling Techniques, 1977, chapter 6).
     * For C facts with sums of residuals z_c, SE = sqrt(C/(C-1) sum z_c^2), which is the usual error if each fact has
     * one reply.
     */
    public static Mean of(double value, List<Residual> residuals) {
        Map<Object, Double> facts = new HashMap<>();
        residuals.forEach(one -> facts.merge(one.fact(), one.value(), Double::sum));
        int count = facts.size();
        if (count < 2) return new Mean(value, null, count);
        double squares = facts.values().stream().mapToDouble(z -> z * z).sum();
        return new Mean(value, Math.sqrt(squares * count / (count - 1)), count);
    }
}
