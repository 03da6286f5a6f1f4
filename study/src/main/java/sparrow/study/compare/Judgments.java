package sparrow.study.compare;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import sparrow.study.judge.Verdict;

/**
 * Judgments of all that was replied to one question, each text or transcript once.
 *
 * @param points 0 to 100, by the words that were judged
 * @param failures in one line each, by the words that were not; the next run tries them again
 */
record Judgments(SortedMap<String, Double> points, SortedMap<String, String> failures) {
    static final Judgments NONE = new Judgments(new TreeMap<>(), new TreeMap<>());

    Judgments {
        points = new TreeMap<>(points);
        failures = new TreeMap<>(failures);
    }

    Judgments with(String words, Verdict verdict) {
        Judgments all = new Judgments(points, failures);
        all.failures.remove(words);
        switch (verdict) {
            case Verdict.Graded(double graded) -> all.points.put(words, graded);
            case Verdict.Ungraded(String reason) -> all.failures.put(words, reason);
        }
        return all;
    }

    /** The reason for which words have no points. */
    Optional<String> failure(String words) {
        return Optional.ofNullable(failures.get(words));
    }
}
