package sparrow.study.mos;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Predicted opinion scores of one piece of speech.
 *
 * @param overall the score that is reported
 * @param parts scores of single qualities by name, in the order in which they are shown; empty where there are none
 */
public record Mos(double overall, Map<String, Double> parts) {
    public Mos {
        if (!Double.isFinite(overall)) throw new IllegalArgumentException("MOS: expected a number, got " + overall);
        parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
    }

    /** A score without parts. */
    public Mos(double overall) {
        this(overall, Map.of());
    }
}
