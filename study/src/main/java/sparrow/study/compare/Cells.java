package sparrow.study.compare;

import java.util.Map;
import java.util.stream.Collectors;
import sparrow.study.report.Cell;
import sparrow.study.report.Mean;

/** What stands in the cells of a comparison's tables. */
final class Cells {
    /** The meaning of a column of row names. */
    static final String ROW = "The row's name in the published table.";

    /** The meaning of a column of policies. */
    static final String POLICIES = "Of speech positions, unless text is named.";

    private Cells() {}

    static Cell of(Mean mean, int decimals) {
        return mean.value() == null ? new Cell.Nothing() : estimate(mean.value(), mean.standardError(), decimals);
    }

    static Cell of(WordErrorRate rate) {
        return rate.percent() == null ? new Cell.Nothing() : estimate(rate.percent(), rate.standardError(), 1);
    }

    private static Cell estimate(double value, Double error, int decimals) {
        return Cell.estimate(value, error == null ? Double.NaN : error, decimals);
    }

    static Cell of(Double value, int decimals) {
        return value == null ? new Cell.Nothing() : Cell.number(value, decimals);
    }

    static Cell percent(Double share) {
        return share == null ? new Cell.Nothing() : Cell.number(100 * share, 1);
    }

    /** Words, or nothing where they are empty or null. */
    static Cell words(String text) {
        return text == null || text.isEmpty() ? new Cell.Nothing() : Cell.text(text);
    }

    /** {@code asr 2, mos 1}. */
    static String counts(Map<String, Integer> counts) {
        return counts.entrySet().stream()
                .map(count -> count.getKey() + " " + count.getValue())
                .collect(Collectors.joining(", "));
    }
}
