package sparrow.study.judge;

import java.util.Arrays;
import java.util.Collection;
import java.util.OptionalDouble;

/**
 * The verdicts on the replies to a data set.
 *
 * @param mean of the graded ones, 0 to 100: an accuracy in percent, or the mean of marks from 1 to 10, times 10; none
 *     where nothing was graded
 * @param graded how many were
 * @param ungraded how many were not: they are left out of the mean, as the kits of the field do, and must be told with it
 */
public record Score(OptionalDouble mean, int graded, int ungraded) {
    /** Counts verdicts. */
    public static Score of(Collection<Verdict> verdicts) {
        double[] points = verdicts.stream()
                .filter(Verdict.Graded.class::isInstance)
                .mapToDouble(verdict -> ((Verdict.Graded) verdict).points())
                .toArray();
        OptionalDouble mean = Arrays.stream(points).average();
        return new Score(mean, points.length, verdicts.size() - points.length);
    }
}
